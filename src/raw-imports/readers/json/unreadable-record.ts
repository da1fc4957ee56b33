import type { RowErrorCode } from '../raw-row';

/** A text that no record can be read from. Whether that spoils a line or the whole file is the caller's to say. */
export class UnreadableRecord extends Error {
  constructor(
    reason: string,
    /** Counted from 0 in UTF-16 units, within the text given to the parser. */
    readonly offset: number,
    readonly code: RowErrorCode = 'malformed_json',
  ) {
    super(reason);
  }
}
