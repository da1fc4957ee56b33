import { ConflictError } from '../errors/conflict.error';

/**
 * Somebody else linked one of the records after this transaction had seen it unlinked. The transaction must roll
 * back, since its asset would stay without a link; run again, it sees the record as it is now.
 */
export class LinkRaceError extends ConflictError {
  constructor(expected: number, linked: number) {
    super(`${linked} of ${expected} records could be linked; the others were taken meanwhile`);
  }
}
