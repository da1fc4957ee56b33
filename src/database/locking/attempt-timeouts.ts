const FIRST_LOCK_TIMEOUT_MS = 40;

export interface Timeouts {
  gateTimeoutMs: number;
  lockTimeoutMs: number;
}

/**
 * Longer with every attempt. At the gate, or writers whose chunks outlast the lock timeout would keep us out for ever.
 * At the tables, since readers pass no gate and lock in orders of their own: one that has a table which we want, and
 * wants one that we have, is a deadlock which only our giving up resolves.
 * @param leftMs until the deadline.
 */
export function attemptTimeouts(
  { lockTimeoutMs, longestGateMs }: { lockTimeoutMs: number; longestGateMs: number },
  attempts: number,
  leftMs = Infinity,
): Timeouts {
  const gateMs = Math.min(lockTimeoutMs * attempts, longestGateMs, Math.ceil(leftMs));
  return {
    gateTimeoutMs: Math.max(lockTimeoutMs, gateMs),
    lockTimeoutMs: Math.min(lockTimeoutMs, FIRST_LOCK_TIMEOUT_MS * 2 ** (attempts - 1)),
  };
}
