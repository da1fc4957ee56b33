import { Client } from 'pg';
import { INGEST_ROLE, SERVICE_ROLE } from './roles';

interface Walls {
  login: string;
  /** Whether the login of DATABASE_URL itself could get round row-level security, were the service to step back into it. */
  login_bypasses: boolean;
  may_ingest: boolean;
  bypasses: boolean;
  unsecured: string[];
  owned: string[];
}

/**
 * Makes sure that the database keeps tenants apart by itself: that the service can become the role which sees one
 * tenant's rows only, that this role cannot do more, and that every table with tenants is secured.
 * @returns what is allowed but not wise, a line each.
 * @throws Error in one line, which says what to do.
 */
export async function requireWalls(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await become(client);
    const { rows } = await client.query<Walls>(`
      WITH tenant_table AS (
        SELECT c.relname::text AS name, c.relowner, c.relrowsecurity AND c.relforcerowsecurity AS secured
          FROM pg_class c
         WHERE c.relnamespace = 'migration'::regnamespace AND c.relkind IN ('r', 'p')
           AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'client_account_id'))
      SELECT session_user::text AS login,
             (SELECT l.rolsuper OR l.rolbypassrls FROM pg_roles l WHERE l.rolname = session_user) AS login_bypasses,
             pg_has_role(session_user, '${INGEST_ROLE}', 'MEMBER') AS may_ingest,
             (SELECT r.rolsuper OR r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user) AS bypasses,
             ARRAY(SELECT t.name FROM tenant_table t WHERE NOT t.secured ORDER BY 1) AS unsecured,
             ARRAY(SELECT t.name FROM tenant_table t
                    WHERE pg_has_role(current_user, t.relowner, 'MEMBER') ORDER BY 1) AS owned`);
    return rows[0] ? judge(rows[0]) : [];
  } finally {
    await client.end();
  }
}

async function become(client: Client): Promise<void> {
  try {
    await client.query(`SET ROLE ${SERVICE_ROLE}`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new Error(
      `DATABASE_URL: ${client.user ?? 'its user'} may not become ${SERVICE_ROLE}: let the owner say ` +
        `GRANT ${SERVICE_ROLE}, ${INGEST_ROLE} TO ${client.user ?? '…'}`,
      { cause: error },
    );
  }
}

function judge({ login, login_bypasses, may_ingest, bypasses, unsecured, owned }: Walls): string[] {
  if (!may_ingest) {
    throw new Error(
      `DATABASE_URL: ${login} may not become ${INGEST_ROLE}: let the owner say GRANT ${INGEST_ROLE} TO ${login}`,
    );
  }
  if (bypasses) {
    throw new Error(
      `The role ${SERVICE_ROLE} gets round row-level security: ALTER ROLE ${SERVICE_ROLE} NOSUPERUSER NOBYPASSRLS`,
    );
  }
  if (owned.length > 0) {
    throw new Error(
      `The role ${SERVICE_ROLE} owns ${owned.join(', ')}, or is a member of their owner: take that from it`,
    );
  }
  if (unsecured.length > 0) {
    const table = `migration.${unsecured[0] ?? ''}`;
    throw new Error(
      `Row-level security is off on ${unsecured.join(', ')}: ` +
        `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    );
  }
  return login_bypasses
    ? [
        `DATABASE_URL logs in as ${login}, who gets round row-level security: use a login that is a member of ` +
          `${SERVICE_ROLE} and ${INGEST_ROLE} and of nothing else`,
      ]
    : [];
}
