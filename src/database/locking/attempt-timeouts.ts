/** Writers stand still for as long, and give up what they begin after five seconds. */
const LONGEST_GATE_MS = 2_500;
const FIRST_LOCK_TIMEOUT_MS = 40;

/**
 * Longer with every attempt. At the gate, or writers whose chunks outlast the lock timeout would keep us out for ever.
 * At the tables, since readers pass no gate and lock in orders of their own: one that has a table which we want, and
 * wants one that we have, is a deadlock which only our giving up resolves.
 * @param lockTimeoutMs the longest for a table.
 * @param leftMs until the deadline.
 */
export function attemptTimeouts(
  lockTimeoutMs: number,
  attempts: number,
  leftMs = Infinity,
): { gateTimeoutMs: number; lockTimeoutMs: number } {
  const gateMs = Math.min(lockTimeoutMs * attempts, LONGEST_GATE_MS, Math.ceil(leftMs));
  return {
    gateTimeoutMs: Math.max(lockTimeoutMs, gateMs),
    lockTimeoutMs: Math.min(lockTimeoutMs, FIRST_LOCK_TIMEOUT_MS * 2 ** (attempts - 1)),
  };
}
