import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/**
 * Asks until there is an answer. PostgreSQL tells of starting and stopping by its files alone, so there is no event
 * to wait for.
 * @returns the first answer that is not null, or null when the time is over.
 */
export async function pollUntil<Answer>(
  withinMs: number,
  ask: () => Promise<Answer | null>,
): Promise<Answer | null> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null || Date.now() > deadline) return answer;
    await delay(POLL_MS);
  }
}
