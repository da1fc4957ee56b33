import type { ClientBase } from 'pg';

/**
 * Row-level security is forced, so it binds the owner of the tables too: without BYPASSRLS a VALIDATE or a repair would
 * see no row, find nothing wrong, and say so.
 * @throws Error in one line, which says what to do.
 */
export async function requireBypass(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string; bypasses: boolean }>(
    `SELECT r.rolname AS role, r.rolsuper OR r.rolbypassrls AS bypasses FROM pg_roles r WHERE r.rolname = current_user`,
  );
  const role = rows[0];
  if (role?.bypasses) return;
  throw new Error(
    `The role ${role?.role ?? '?'} would see no row of any tenant: a superuser has to say ALTER ROLE ${role?.role ?? '?'} BYPASSRLS`,
  );
}
