import { isRight } from './judge-suggestions';
import type { Trial } from './try-inventory';

/** What must be reached. A wrong suggestion is worse than none. */
const LEAST_RIGHT = 0.95;
const MOST_WRONG = 0.02;

export interface Totals {
  files: number;
  /** Those whose number of rows is known, of which in some it is met. */
  counted: number;
  rowsMet: number;
  refused: number;
  /** Fields that the files have, of which each is right or missed. */
  fields: number;
  right: number;
  missed: number;
  /** Confident suggestions, of which some are wrong and others as good left. */
  confident: number;
  optional: number;
  wrong: number;
  rightShare: number;
  wrongShare: number;
  reached: boolean;
}

/** Counts the files that are read as they are; a sheet that was asked for counts nowhere, since most are copies of another. */
export function totalsOf(trials: readonly Trial[]): Totals {
  const files = trials.filter(({ inventory }) => inventory.sheet === null);
  const verdicts = files
    .filter(({ inventory }) => inventory.expectation !== null)
    .flatMap((trial) => trial.verdicts);
  const expected = verdicts.filter((verdict) => verdict.expected.length > 0);
  const right = expected.filter(isRight).length;
  const confident = verdicts.reduce((sum, verdict) => sum + verdict.found.length, 0);
  const wrong = verdicts.reduce((sum, verdict) => sum + verdict.wrong.length, 0);
  const counted = files.filter(({ inventory }) => inventory.rows !== null);
  const rowsMet = counted.filter((trial) => trial.rowsMet).length;
  const rightShare = expected.length === 0 ? 1 : right / expected.length;
  const wrongShare = confident === 0 ? 0 : wrong / confident;
  return {
    files: files.length,
    counted: counted.length,
    rowsMet,
    refused: files.filter(({ data_import }) => data_import === null).length,
    fields: expected.length,
    right,
    missed: expected.length - right,
    confident,
    optional: verdicts.filter(({ mark }) => mark === 'o').length,
    wrong,
    rightShare,
    wrongShare,
    reached: rowsMet === counted.length && rightShare >= LEAST_RIGHT && wrongShare <= MOST_WRONG,
  };
}
