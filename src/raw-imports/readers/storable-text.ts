import { excerpt } from './excerpt';
import { LIMITS } from './limits';
import type { RowError, RowErrorCode } from './raw-row';
import { replaceUnstorable } from './replace-unstorable';
import type { TextChecks } from './text-checks';

const SUSPICIOUS = /[\0\ud800-\udfff\ufffd]/;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/**
 * Adds to `errors` what PostgreSQL cannot store, or what was already lost, in a text. Returns the text with U+FFFD
 * in the place of it.
 */
export function storableText(
  value: string,
  checks: TextChecks,
  errors: RowError[],
  at: { column: string | null; place: string },
): string {
  if (!SUSPICIOUS.test(value)) return value;
  const stored = replaceUnstorable(value);
  if (errors.length >= LIMITS.errors) return stored;
  const report = (code: RowErrorCode, what: string): void => {
    const subject = at.column === null ? 'The name of a column' : `Column "${excerpt(at.column)}"`;
    const message = `${subject} in ${at.place} holds ${what}.`;
    errors.push({ column: at.column, value: excerpt(stored), code, message });
  };
  if (value.includes('\0')) report('nul_byte', 'a NUL byte');
  if (value.search(LONE_SURROGATE) !== -1) report('lone_surrogate', 'half of a surrogate pair');
  if (checks.lossy_charset !== null && value.includes('\ufffd')) {
    report('invalid_utf8', `bytes that are not ${checks.lossy_charset}`);
  }
  return stored;
}
