import type { NumberField } from './asset-fields';
import { byteUnit, type ByteUnit } from './byte-unit';
import { parseDecimal } from './parse-decimal';

// Binary steps throughout: inventories write GB and MB for what their machines count in GiB and MiB.
const GIGABYTES: Record<ByteUnit, number> = {
  B: 2 ** -30,
  KB: 2 ** -20,
  MB: 2 ** -10,
  GB: 1,
  TB: 2 ** 10,
  PB: 2 ** 20,
};

/** As for a decimal: what is longer is a text. */
const LONGEST = 200;
const AMOUNT_AND_UNIT = /^(.*?[\d.](?:e[+-]?\d+)?)\s*(\p{L}+)\.?$/iu;
const USED_AND_TOTAL =
  /^([^/]*\d[^/]*?)\s*(?:\/|\bof\b|\bvon\b|\bsur\b|\bde\b)\s*([^/(]*\d[^/(]*?)\s*(?:\([^)]*\))?$/u;
const CORE_WORD =
  /^(?:v?cpus?|v?cores?|v?procs?|v?processors?|kerne?|prozessore?n?|c(?:oe|œ)urs?|n[uú]cleos?|processeurs?|procesadore?s?)$/i;

/**
 * Reads a cell of a number field: cores as they are (`500m` is half a core), memory and storage in gigabytes.
 *
 * Of memory and storage given as used and total, in either order, the total is taken. The cell's own unit beats the column's. Null for what is no number, and for a negative one, which tools print for "unknown".
 */
export function parseQuantity(text: string, field: NumberField, columnUnit: ByteUnit | null): number | null {
  if (text.length > LONGEST) return null;
  const parts = field === 'cpu_cores' ? [] : usedAndTotal(text);
  if (parts.length === 0) return parseAmount(text, field, columnUnit);
  const amounts = parts.map((part) => parseAmount(part, field, columnUnit));
  const known = amounts.filter((amount) => amount !== null);
  return known.length === parts.length ? Math.max(...known) : null;
}

/** The two amounts of `12.5 GB / 40 GB (31 %)`; none where the cell has only one. */
function usedAndTotal(text: string): string[] {
  const match = USED_AND_TOTAL.exec(text);
  if (match === null) return [];
  const [, first = '', second = ''] = match;
  // `12 / 40 GB` states the unit once.
  const unit = /\p{L}+$/u.exec(second)?.[0] ?? '';
  return [/\p{L}$/u.test(first) ? first : `${first} ${unit}`.trim(), second];
}

function parseAmount(text: string, field: NumberField, columnUnit: ByteUnit | null): number | null {
  const bare = parseDecimal(text);
  if (bare !== null) {
    if (field === 'cpu_cores') return countable(bare);
    const unit = columnUnit ?? likelyUnit(field, bare);
    return unit === null ? null : countable(bare * GIGABYTES[unit]);
  }

  const parts = AMOUNT_AND_UNIT.exec(text);
  const amount = parts?.[1] === undefined ? null : parseDecimal(parts[1]);
  const word = parts?.[2];
  if (amount === null || word === undefined) return null;
  if (field === 'cpu_cores') {
    if (word === 'm') return countable(amount / 1000);
    return CORE_WORD.test(word) ? countable(amount) : null;
  }
  const unit = byteUnit(word);
  return unit === null ? null : countable(amount * GIGABYTES[unit]);
}

/**
 * The unit of a number that neither cell nor header explains. Gigabytes, as the field says, except where that cannot be:
 * from 2^30 on it counts bytes (a GiB of them; an EiB otherwise), and from 4096 on memory counts megabytes. Between
 * 1024 and 4096 memory is a small VM in MB or a large host in GB: nobody can tell, so the cell is not read at all.
 */
function likelyUnit(field: NumberField, amount: number): ByteUnit | null {
  if (amount >= 2 ** 30) return 'B';
  if (field !== 'memory_gb' || amount < 1024) return 'GB';
  return amount >= 4096 ? 'MB' : null;
}

function countable(amount: number): number | null {
  return Number.isFinite(amount) && amount >= 0 ? amount : null;
}
