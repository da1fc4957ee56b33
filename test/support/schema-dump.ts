import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Client } from 'pg';

/** Everything in the two schemas that `pg_dump --schema-only` would tell of, a line for each, and whether it is valid. */
const CATALOGUE = `
  WITH ours AS (SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname IN ('migration', 'graphile_worker')),
       relations AS (SELECT c.*, o.nspname FROM pg_class c JOIN ours o ON o.oid = c.relnamespace),
       roles AS (SELECT oid, rolname FROM pg_roles)
  SELECT line FROM (
    SELECT format('schema %s %s', nspname, nspacl) AS line FROM ours
    UNION ALL
    SELECT format('relation %s.%s %s rls %s force %s options %s acl %s', nspname, relname, relkind, relrowsecurity,
                  relforcerowsecurity, reloptions, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(relacl) a))
      FROM relations WHERE relkind IN ('r', 'v', 'S', 'p')
    UNION ALL
    SELECT format('column %s.%s %s %s %s null %s default %s statistics %s identity %s acl %s', r.nspname, r.relname, a.attnum, a.attname,
                  format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                  a.attstattarget, a.attidentity, a.attacl)
      FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid AND r.relkind IN ('r', 'v', 'p')
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT format('constraint %s on %s %s validated %s', k.conname, r.relname, pg_get_constraintdef(k.oid), k.convalidated)
      FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
    UNION ALL
    SELECT format('index %s valid %s ready %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready)
      FROM pg_index i JOIN relations r ON r.oid = i.indexrelid
    UNION ALL
    SELECT format('policy %s on %s %s %s %s %s', p.polname, r.relname, p.polpermissive, p.polcmd,
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
    UNION ALL
    SELECT format('statistics %s', pg_get_statisticsobjdef(s.oid))
      FROM pg_statistic_ext s JOIN ours o ON o.oid = s.stxnamespace
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
      FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT format('function %s acl %s', pg_get_functiondef(p.oid), p.proacl)
      FROM pg_proc p JOIN ours o ON o.oid = p.pronamespace
    UNION ALL
    SELECT format('type %s.%s', o.nspname, t.typname)
      FROM pg_type t JOIN ours o ON o.oid = t.typnamespace
  ) lines ORDER BY line`;

/** The whole schema as the catalogue has it. */
export async function dumpCatalogue(sql: Client): Promise<string[]> {
  const { rows } = await sql.query<{ line: string }>(CATALOGUE);
  return rows.map(({ line }) => line);
}

/** What `pg_dump --schema-only` says, or null where none is at hand that can read this server. */
export async function dumpSchema(sql: Client, url: string): Promise<string | null> {
  const { rows } = await sql.query<{ major: string }>(
    `SELECT split_part(current_setting('server_version'), '.', 1) AS major`,
  );
  const tool = pgDumpOf(rows[0]!.major);
  if (tool === null) return null;
  const { stdout } = await promisify(execFile)(
    tool,
    ['--schema-only', '--schema=migration', '--schema=graphile_worker', url],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  // Since its security releases of 2025 it writes a random key into each dump.
  return stdout.replace(/^\\(un)?restrict .*$/gm, '');
}

/** pg_dump refuses a server that is newer than itself. */
function pgDumpOf(major: string): string | null {
  const folder = '/usr/lib/postgresql';
  try {
    return readdirSync(folder).includes(major) ? `${folder}/${major}/bin/pg_dump` : null;
  } catch {
    return null;
  }
}
