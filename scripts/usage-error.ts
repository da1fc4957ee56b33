/** A wrong option or argument; the message names it and fits on one line. */
export class UsageError extends Error {}
