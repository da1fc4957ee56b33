/** A profile that keeps the process from starting; the message names its file and the property that is wrong. */
export class SourceProfileError extends Error {}
