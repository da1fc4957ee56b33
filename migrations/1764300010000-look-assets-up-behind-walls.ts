import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SERVICE_ROLE } from '../src/database/roles';
import { named } from './tenant-wall';

const folded = (column: string) => `lower(a.${column} COLLATE "C")`;
// The key `name+asset_type` begins with the type, which is one word.
const NAME = `substr(k.value, strpos(k.value, ' ') + 1)`;

/** Part of the identity → where an asset has it, and when it is the one that is asked for. */
const PARTS: Readonly<Record<string, string>> = {
  hostname: isKey('hostname'),
  fqdn: isKey('fqdn'),
  ip_address: isKey('ip_address'),
  serial_number: isKey('serial_number'),
  name: `${isKey('name', NAME)} AND a.asset_type = split_part(k.value, ' ', 1)`,
};

/** To the letter what the index idx_assets_identity_<part> has: the beginning of a value; the whole value decides. */
function isKey(column: string, value = 'k.value'): string {
  return `a.${column} IS NOT NULL AND left(${folded(column)}, 200) = left(${value}, 200) AND ${folded(column)} = ${value}`;
}

/**
 * Under row-level security an index on an expression such as lower(hostname) serves nobody: the function might tell of
 * foreign rows before the policy has refused them, unless a superuser calls it leakproof. So assets are looked up by
 * their natural keys in functions of the owner's, which hold the wall themselves: they answer for the tenant that the
 * transaction has named, or not at all, and with ids alone.
 *
 * Each key is looked up by itself (the LIMIT keeps the sub-query from being joined as a whole): while a table is young
 * nothing is known of how its expressions are spread, and a plan for all keys at once reads the whole tenant.
 */
export class LookAssetsUpBehindWalls1764300010000 implements MigrationInterface {
  name = 'LookAssetsUpBehindWalls1764300010000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [part, condition] of Object.entries(PARTS)) {
      const signature = `migration.find_assets_by_${part}(uuid, uuid, text[])`;
      await runner.query(`
        CREATE FUNCTION ${signature}
          RETURNS TABLE (value text, candidates integer, id uuid)
          LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $$
          SELECT k.value, f.candidates, f.id
            FROM unnest($3) AS k (value)
           CROSS JOIN LATERAL (
             SELECT count(*) OVER ()::int AS candidates, a.id
               FROM migration.assets a
              WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND ${condition} AND a.deleted_at IS NULL
              ORDER BY a.id LIMIT 1) f
           WHERE $1 = ${named('client_account_id')} AND $2 = ${named('engagement_id')}
        $$`);
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${SERVICE_ROLE}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const part of Object.keys(PARTS)) {
      await runner.query(`DROP FUNCTION migration.find_assets_by_${part}(uuid, uuid, text[])`);
    }
  }
}
