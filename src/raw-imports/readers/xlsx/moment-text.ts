import type { DateParts } from './date-parts';

const DAY_MS = 86_400_000;
/** 9999-12-31; Excel itself shows no date beyond. */
const LAST_DAY = 2_958_466;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/**
 * ISO text of a day count: `2024-02-15`, `2024-02-15T10:30:00` or, for times of day and durations, `10:30:00`.
 * Null where the count is no date. A time of day is never dropped, even where the format does not show it.
 */
export function momentText(days: number, parts: DateParts, date1904: boolean): string | null {
  if (!(days >= 0 && days < LAST_DAY)) return null;
  const ms = Math.round(days * DAY_MS);
  if (parts === 'duration' || (parts === 'time' && days < 1)) return clock(Math.floor(ms / 3_600_000), ms);
  // Excel believes in 1900-02-29 (day 60), so the days before it lie one later than counted from 1899-12-30.
  const leapBug = !date1904 && days < 60 ? DAY_MS : 0;
  const date = new Date((date1904 ? EPOCH_1904 : EPOCH_1900) + leapBug + ms);
  const day = date.toISOString().slice(0, 10);
  const withTime = parts !== 'date' || ms % DAY_MS !== 0;
  return withTime ? `${day}T${clock(date.getUTCHours(), ms)}` : day;
}

function clock(hours: number, ms: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const fraction = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  return `${two(hours)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${fraction}`;
}
