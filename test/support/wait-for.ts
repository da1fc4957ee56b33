import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition gives something other than false, null or undefined. */
export async function waitFor<Value>(
  what: string,
  condition: () => Promise<Value> | Value,
  withinMs = 30_000,
): Promise<NonNullable<Exclude<Value, false>>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) {
      return value as NonNullable<Exclude<Value, false>>;
    }
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await delay(20);
  }
}
