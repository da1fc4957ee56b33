import type { TenantTx } from '../../database/tenant-database';

/**
 * Foreign keys of the schema that prove that no row violates them: validated, and with all four of their triggers
 * enabled. A NOT VALID key says nothing of older rows, a disabled trigger nothing of newer ones. What this cannot
 * see is a session that wrote under session_replication_role = replica; for that a scan can be asked for.
 */
export async function findEnforcedKeys(tx: TenantTx): Promise<Set<string>> {
  const keys = await tx.control<{ name: string }>(
    `SELECT c.conname AS name
       FROM pg_constraint c
       JOIN pg_trigger t ON t.tgconstraint = c.oid
      WHERE c.connamespace = to_regnamespace('migration') AND c.contype = 'f' AND c.convalidated
      GROUP BY c.oid, c.conname
     HAVING count(*) FILTER (WHERE t.tgenabled = 'O') = 4`,
  );
  return new Set(keys.map(({ name }) => name));
}
