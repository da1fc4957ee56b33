import { databaseErrorKind } from '../database/database-error-kind';
import { describeFailure } from '../errors/describe-failure';

/** A row that fails even alone. */
export interface BadRow {
  row_number: number;
  error: unknown;
}

/** So many rows of a chunk that fail alike, while none succeeds, are no accident. */
const ENOUGH = 20;
/** When they are all that a chunk has; fewer do while the run has made no asset at all. */
const ENOUGH_OF_ALL = 5;
const ENOUGH_OF_FIRST = 2;

/**
 * Whether rows that failed while none became an asset show a fault that is not theirs, such as a constraint that
 * somebody added: then the chunk has failed and its rows stay pending, instead of all being rejected for good. Values
 * that cannot be stored are always the row's own fault.
 */
export function isSystematic(
  badRows: readonly BadRow[],
  { isLast, hasCreated }: { isLast: boolean; hasCreated: boolean },
): boolean {
  const enough = !isLast ? ENOUGH : hasCreated ? ENOUGH_OF_ALL : ENOUGH_OF_FIRST;
  if (badRows.length < enough) return false;
  const reasons = new Set(badRows.map(({ error }) => describeFailure(error)));
  return reasons.size === 1 && !badRows.some(({ error }) => isOwnFault(error));
}

function isOwnFault(error: unknown): boolean {
  return databaseErrorKind(error) === 'data' && /^(22|54)/.test((error as { code: string }).code);
}
