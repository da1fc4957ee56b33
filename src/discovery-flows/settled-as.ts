import type { RunRequest } from './discovery-run.entity';

/** What becomes of a run that a person asked to pause or to cancel: it waits for a person again, or for nothing. */
export const SETTLED_AS = {
  pause: { status: 'paused', error: null, retry_at: null },
  cancel: { status: 'cancelled', error: null, retry_at: null },
} as const satisfies Record<RunRequest, object>;
