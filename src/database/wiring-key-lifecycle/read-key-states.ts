import type { Client } from 'pg';
import { WIRING_KEYS, type WiringKey } from '../wiring-keys';

/** Only `valid` proves that no row violates the key. */
export type KeyState = 'missing' | 'not valid' | 'valid' | 'triggers disabled';

/** The state of each of the keys, by name. @throws Error in one line where the tables are missing. */
export async function readKeyStates(
  client: Client,
  keys: readonly WiringKey[] = WIRING_KEYS,
): Promise<Map<WiringKey, KeyState>> {
  await requireTables(client, keys);
  const { rows } = await client.query<{ name: string; valid: boolean; enabled: boolean }>(
    `SELECT key.conname AS name, key.convalidated AS valid, bool_and(checks.tgenabled IN ('O', 'A')) AS enabled
     FROM unnest($1::text[], $2::text[]) AS wanted (name, relation)
     JOIN pg_constraint AS key
       ON key.conrelid = to_regclass('migration.' || wanted.relation) AND key.conname = wanted.name AND key.contype = 'f'
     JOIN pg_trigger AS checks ON checks.tgconstraint = key.oid
     GROUP BY key.oid`,
    [keys.map(({ name }) => name), keys.map(({ table }) => table)],
  );
  const found = new Map(
    rows.map(({ name, valid, enabled }): [string, KeyState] => [
      name,
      enabled ? (valid ? 'valid' : 'not valid') : 'triggers disabled',
    ]),
  );
  return new Map(keys.map((key) => [key, found.get(key.name) ?? 'missing']));
}

async function requireTables(client: Client, keys: readonly WiringKey[]): Promise<void> {
  const tables = [...new Set(keys.flatMap(({ table, references }) => [table, references]))];
  const { rows } = await client.query<{ relation: string }>(
    `SELECT relation FROM unnest($1::text[]) AS relation WHERE to_regclass('migration.' || relation) IS NULL`,
    [tables],
  );
  if (rows.length === 0) return;
  const missing = rows.map(({ relation }) => `migration.${relation}`).join(', ');
  throw new Error(
    `This database has no ${missing}: run \`npm run migration:run\` first, or let DATABASE_URL name another database`,
  );
}
