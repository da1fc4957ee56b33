import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { SERVICE_ROLE } from '../../src/database/roles';
import type { ApiClient } from '../support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { dropWiringKeys } from '../support/wiring';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

describe('backfill-discovery-wiring', () => {
  let service: TestService;
  let one: ApiClient;
  let two: ApiClient;

  beforeEach(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    await dropWiringKeys(service.sql);
    [one, two] = [service.newClient(), service.newClient()];
    for (const client of [one, two]) {
      const { flowId } = await importAndFlow(client, serversCsv(30));
      await runToEnd(client, flowId);
    }
  });
  afterEach(() => service.stop());

  /** The script as an operator runs it, in a process of its own. */
  const backfill = (...args: string[]) => backfillAt(service.databaseUrl, ...args);
  function backfillAt(DATABASE_URL: string, ...args: string[]): Promise<Outcome> {
    return new Promise((done) => {
      execFile(
        process.execPath,
        ['-r', 'ts-node/register', 'scripts/backfill-discovery-wiring.ts', ...args],
        {
          cwd: resolve(__dirname, '../..'),
          env: { PATH: process.env.PATH, DATABASE_URL },
        },
        (error, stdout, stderr) => {
          done({ code: error ? Number(error.code) : 0, stdout, stderr });
        },
      );
    });
  }
  const hashOf = ({ stdout }: Outcome) => /--apply ([0-9a-f]{64})/.exec(stdout)![1]!;
  const runOf = ({ stdout }: Outcome) => /--undo ([0-9a-f-]{36})/.exec(stdout)![1]!;
  const tenantArgs = ({ tenant }: ApiClient) => [
    '--client-account-id',
    tenant.client_account_id,
    '--engagement-id',
    tenant.engagement_id,
  ];

  async function dump(): Promise<string> {
    const { rows } = await service.sql.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM migration.assets t
       UNION ALL SELECT to_jsonb(t)::text FROM migration.raw_import_records t
       UNION ALL SELECT to_jsonb(t)::text FROM migration.discovery_flows t ORDER BY 1`,
    );
    return rows.map(({ row }) => row).join('\n');
  }
  const health = async (client: ApiClient) =>
    (await client.get('/health/wiring?refresh=true')).body.health_status as string;

  /** What the original left behind: two thirds of the links were never written. */
  async function loseLinks(): Promise<void> {
    await service.sql.query(
      `UPDATE migration.raw_import_records SET asset_id = NULL WHERE row_number % 3 > 0`,
    );
    await service.sql.query(`UPDATE migration.assets SET discovery_flow_id = NULL WHERE name LIKE '%2'`);
    await service.sql.query(`UPDATE migration.assets SET raw_import_records_id = NULL WHERE name LIKE '%3'`);
  }

  it('says what it would fill in, does exactly that, and takes it back to the byte', async () => {
    await loseLinks();
    const broken = await dump();
    const planned = await backfill();
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toMatch(/derive_discovery_flow_id.* 6 /);
    expect(await dump()).toBe(broken);
    expect((await backfill('--dry-run')).stdout).toBe(planned.stdout);

    const applied = await backfill('--apply', hashOf(planned), '--batch-size', '7', '--pause', '0');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect([await health(one), await health(two)]).toEqual(['healthy', 'healthy']);
    expect((await backfill()).stdout).toContain('Nothing can be filled in.');

    const undone = await backfill('--undo', runOf(applied), '--batch-size', '7', '--pause', '0');
    expect(undone).toMatchObject({ code: 0, stderr: '' });
    expect(await dump()).toBe(broken);
  });

  it('does nothing of a plan that is another by now', async () => {
    await loseLinks();
    const planned = await backfill();
    await service.sql.query(`UPDATE migration.assets SET discovery_flow_id = NULL WHERE name = 'web-1'`);
    const broken = await dump();
    const refused = await backfill('--apply', hashOf(planned));
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('nothing was done');
    expect(await dump()).toBe(broken);
    const { rows } = await service.sql.query('SELECT 1 FROM migration.link_repair_changes');
    expect(rows).toEqual([]);
  });

  it('lists what it refuses, of whom and why, and leaves that alone', async () => {
    await service.sql.query(
      `UPDATE migration.assets SET discovery_flow_id = NULL, flow_id = NULL, master_flow_id = NULL, raw_import_records_id = NULL
        WHERE client_account_id = $1`,
      [one.tenant.client_account_id],
    );
    await service.sql.query(
      'UPDATE migration.raw_import_records SET asset_id = NULL, discovery_run_id = NULL, data_import_id = NULL WHERE client_account_id = $1',
      [one.tenant.client_account_id],
    );
    const { rows } = await service.sql.query<{ id: string }>(
      'SELECT id FROM migration.assets WHERE client_account_id = $1 ORDER BY id LIMIT 1',
      [one.tenant.client_account_id],
    );
    const { stdout } = await backfill();
    expect(stdout).toMatch(/refused: no_flow_known +│ +30 │/);
    const { client_account_id, engagement_id } = one.tenant;
    expect(stdout).toContain(
      `refused, client ${client_account_id}, engagement ${engagement_id}: 30 no_flow_known. `,
    );
    expect(stdout).toContain(`\n  assets ${rows[0]!.id}\n`);
    expect(stdout).toContain('\n  and 10 more\n');
  });

  it('takes no link away and replaces none', async () => {
    await service.sql.query(
      `UPDATE migration.assets SET discovery_flow_id = gen_random_uuid() WHERE name = 'web-1'`,
    );
    await service.sql.query(
      `UPDATE migration.raw_import_records SET asset_id = gen_random_uuid() WHERE row_number = 2`,
    );
    expect((await backfill()).stdout).toContain('Nothing can be filled in.');
  });

  it('sees every row, and refuses a role that does not', async () => {
    const role = `owner_${randomUUID().replaceAll('-', '')}`;
    await service.sql.query(`CREATE ROLE ${role} LOGIN; GRANT ${SERVICE_ROLE} TO ${role};
      GRANT USAGE ON SCHEMA migration TO ${role}; GRANT ALL ON ALL TABLES IN SCHEMA migration TO ${role}`);
    const url = new URL(service.databaseUrl);
    url.username = role;
    try {
      await loseLinks();
      const blind = await backfillAt(url.href);
      expect(blind).toMatchObject({ code: 1, stderr: expect.stringContaining('BYPASSRLS') });
      await service.sql.query(`ALTER ROLE ${role} BYPASSRLS`);
      const all = await backfillAt(url.href);
      expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/2 tenants/) });
      expect(hashOf(all)).toBe(hashOf(await backfill()));
    } finally {
      await service.sql.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('is about one tenant alone when that is asked for', async () => {
    await loseLinks();
    const planned = await backfill(...tenantArgs(one));
    expect((await backfill('--apply', hashOf(planned))).code).toBe(1);
    expect((await backfill('--apply', hashOf(planned), ...tenantArgs(one))).code).toBe(0);
    expect([await health(one), await health(two)]).toEqual(['healthy', 'unhealthy']);
  });

  it('leaves a pair alone of which one row has changed since, and says so', async () => {
    await loseLinks();
    const planned = await backfill(...tenantArgs(one));
    // The journal is written, and then somebody changes a record: as if between two batches.
    await service.sql.query(`
      CREATE FUNCTION change_one() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE migration.raw_import_records SET processing_notes = 'by hand' WHERE row_number = 2;
        RETURN NULL;
      END $$;
      CREATE TRIGGER change_one AFTER UPDATE ON migration.link_repairs FOR EACH STATEMENT
        WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION change_one()`);
    const applied = await backfill('--apply', hashOf(planned), ...tenantArgs(one));
    expect(applied.code).toBe(1);
    expect(applied.stdout).toMatch(/2 rows had changed since the plan was made/);
    const { rows } = await service.sql.query<{ asset_id: string | null }>(
      'SELECT asset_id FROM migration.raw_import_records WHERE row_number = 2 AND client_account_id = $1',
      [one.tenant.client_account_id],
    );
    expect(rows).toEqual([{ asset_id: null }]);
  });

  it('goes on with its plan after a kill -9', async () => {
    await loseLinks();
    const planned = await backfill();
    // As a process leaves it that was killed between two batches: the plan is written down, some of it done.
    await service.sql.query(`
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.applied > 7 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER die BEFORE UPDATE ON migration.link_repairs FOR EACH ROW EXECUTE FUNCTION die()`);
    const killed = await backfill('--apply', hashOf(planned), '--batch-size', '7', '--pause', '0');
    expect(killed.code).toBe(1);
    await service.sql.query('DROP TRIGGER die ON migration.link_repairs');
    expect(await health(one)).toBe('unhealthy');
    const resumed = await backfill('--apply', hashOf(planned), '--batch-size', '7', '--pause', '0');
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toContain('going on with it');
    expect([await health(one), await health(two)]).toEqual(['healthy', 'healthy']);
  });

  it.each([
    [['--apply', 'x'], /^--apply: must be the hash/],
    [['--undo', 'x'], /^--undo: must be a UUID/],
    [['--undo', '00000000-0000-4000-8000-000000000000'], /^--undo: there is no run/],
    [['--batch-size', '0'], /^--batch-size: must be a whole number from 1 to 100000/],
    [['--client-account-id', '00000000-0000-4000-8000-000000000000'], /^--engagement-id: is missing/],
    [['--nope'], /--nope/],
  ])('refuses %j by name', async (args, message) => {
    const refused = await backfill(...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(message);
  });
});
