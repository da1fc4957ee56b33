import type { Client } from 'pg';
import type { WiringKey } from '../wiring-keys';

/**
 * Reads every row of the key's table; hinders no writer. Only a role with BYPASSRLS sees them all.
 * @param withinMs zero for as long as it takes.
 * @returns the number of rows that violate the key, or null when the time was not enough.
 */
export async function countViolations(
  client: Client,
  { violationsSql }: WiringKey,
  withinMs: number,
): Promise<number | null> {
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = '${Math.ceil(withinMs)}ms'`);
  try {
    const { rows } = await client.query<{ violations: number }>(violationsSql);
    return rows[0]?.violations ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code === QUERY_CANCELED) return null;
    throw error;
  } finally {
    // On a broken connection ROLLBACK fails too; the first error is the one that says why.
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

const QUERY_CANCELED = '57014';
