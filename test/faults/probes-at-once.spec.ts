import { randomInt } from 'node:crypto';
import { Client } from 'pg';
import { SERVICE_ROLE } from '../../src/database/roles';
import type { ApiClient } from '../support/api-client';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { openTenant } from '../support/wiring-health';

const TENANTS = 50;
const ROWS = 600;

describe('6: fifty tenants are probed at once while a run writes', () => {
  let service: TestService;
  let tenants: ApiClient[];
  let holder: Client;
  const lock = randomInt(2 ** 40);

  beforeAll(async () => {
    service = await startTestService();
    const opened = Array.from({ length: TENANTS }, () => openTenant(service));
    for (const { rows } of opened) await rows.asset();
    tenants = opened.map(({ client }) => client);
    holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
    // Reading their assets takes as long as the test wants; it sleeps, since a wait for a lock would end sooner.
    await holder.query(`
      CREATE FUNCTION migration.hold() RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN
             WHILE NOT pg_try_advisory_xact_lock_shared(${lock}) LOOP PERFORM pg_sleep(0.02); END LOOP;
             RETURN true;
           END $$;
      CREATE POLICY hold ON migration.assets AS RESTRICTIVE FOR SELECT TO ${SERVICE_ROLE}
        USING (CASE WHEN client_account_id IN (${tenants.map(({ tenant }) => `'${tenant.client_account_id}'`).join(', ')})
                    THEN migration.hold() ELSE true END)`);
  });
  afterAll(async () => {
    await holder.end();
    await service.stop();
  });

  const startRun = async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    const started = await client.post(`/discovery-flows/${flowId}/runs`, { chunk_size: 20 });
    expect(started.status).toBe(202);
    return async () => (await runEnd(client, flowId, started.body.id)).body;
  };
  const probeAll = () =>
    Promise.all(
      tenants.map(async (client) => {
        const { status, body } = await client.get('/health/wiring?refresh=true&verify=scan');
        return `${status} ${body.health_status}`;
      }),
    );
  const COMPLETED = { status: 'completed', created: ROWS, chunks_failed: 0 };

  it('that take too long: all are unknown in the end, and nobody else has waited for them', async () => {
    const [reader, writer] = [service.newClient(), service.newClient()];
    const { flowId } = await importAndFlow(writer, serversCsv(1));
    await holder.query(`SELECT pg_advisory_lock(${lock})`);
    try {
      const runEnds = await startRun();
      const probes = probeAll();
      await waitFor('as many probes as there may be', async () => {
        const { rowCount } = await service.sql.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
        );
        return rowCount !== null && rowCount >= 2;
      });
      const answers = await Promise.all([
        reader.get('/unified-discovery/assets'),
        reader.get('/data-imports'),
        writer.post(`/discovery-flows/${flowId}/assets`, {
          discovered_assets: [{ name: 'a', asset_type: 'server' }],
        }),
        reader.get('/health/ready'),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 201, 200]);
      expect(await runEnds()).toMatchObject(COMPLETED);
      expect(new Set(await probes)).toEqual(new Set(['503 unknown']));
    } finally {
      await holder.query(`SELECT pg_advisory_unlock(${lock})`);
    }
  }, 90_000);

  it('that take no longer than they should: each is answered, and known to whoever asks again', async () => {
    const runEnds = await startRun();
    for (const answer of await probeAll()) expect(['200 healthy', '503 unknown']).toContain(answer);
    expect(await runEnds()).toMatchObject(COMPLETED);
    for (const client of tenants) {
      expect((await client.get('/health/wiring')).body.health_status).toBe('healthy');
    }
  });
});
