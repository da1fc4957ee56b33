const ENDED = new Set(['completed', 'completed_with_errors', 'failed', 'cancelled']);

/** Whether a run's state is its last one. A paused run may go on. */
export function hasEnded({ status }: { status: string }): boolean {
  return ENDED.has(status);
}
