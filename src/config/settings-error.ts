/** A setting that keeps the process from starting; the message names it and fits on one line. */
export class SettingsError extends Error {}
