import { constants } from 'node:os';

interface Interruption {
  /** Aborts at the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** What the shell expects after the signal that came, else null. */
  exitCode: () => number | null;
}

/** Lets a command stop in good order. */
export function watchSignals(): Interruption {
  const interrupted = new AbortController();
  let exitCode: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // A second one must not cut off the stop that the first began; npm forwards what the terminal has sent already.
    process.on(name, () => {
      exitCode ??= 128 + constants.signals[name];
      interrupted.abort();
    });
  }
  return { signal: interrupted.signal, exitCode: () => exitCode };
}
