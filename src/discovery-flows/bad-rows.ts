import { databaseErrorKind } from '../database/database-error-kind';
import { describeFailure } from './describe-failure';

/** A row that fails even alone. */
export interface BadRow {
  row_number: number;
  error: unknown;
}

/** So many rows of a chunk that fail alike, while none succeeds, are no accident. */
const ENOUGH = 20;
/** Of a chunk that is smaller than that. */
const ENOUGH_OF_ALL = 5;

/**
 * Whether rows that failed while none became an asset show a fault that is not theirs, such as a constraint that
 * somebody added: then the chunk has failed and its rows stay pending, instead of all being rejected for good. Values
 * that cannot be stored are always the row's own fault.
 */
export function isSystematic(badRows: readonly BadRow[], { isLast }: { isLast: boolean }): boolean {
  if (badRows.length < (isLast ? ENOUGH_OF_ALL : ENOUGH)) return false;
  const reasons = new Set(badRows.map(({ error }) => describeFailure(error)));
  return reasons.size === 1 && !badRows.some(({ error }) => isOwnFault(error));
}

function isOwnFault(error: unknown): boolean {
  return databaseErrorKind(error) === 'data' && /^(22|54)/.test((error as { code: string }).code);
}
