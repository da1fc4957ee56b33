import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { newTenant } from '../../test/support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../../test/support/inventory';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { startTestService } from '../../test/support/test-service';
import { requireWalls } from './require-walls';
import { INGEST_ROLE, SERVICE_ROLE } from './roles';
import { runMigrations } from './run-migrations';
import { WIRING_KEYS } from './wiring-keys';
import { reapplyWiringKeys } from './wiring-key-lifecycle/reapply-wiring-keys';

describe('whoever migrates', () => {
  let bare: TestDatabase;
  let admin: Client;
  const login = `test_owner_${randomUUID().slice(0, 8)}`;
  /** The same database, as this login. */
  const urlOf = (user: string) => {
    const url = new URL(bare.url);
    url.username = user;
    url.password = 'secret';
    return url.href;
  };
  beforeAll(async () => {
    bare = await createTestDatabase({ migrated: false });
    admin = new Client({ connectionString: bare.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'secret'`);
    await admin.query(`GRANT CREATE ON DATABASE ${new URL(bare.url).pathname.slice(1)} TO ${login}`);
  });
  afterAll(async () => {
    await admin.query(`DROP OWNED BY ${login} CASCADE`);
    await admin.query(`DROP ROLE ${login}`);
    await admin.end();
    await bare.drop();
  });

  it('must see every row, or a VALIDATE would find nothing wrong', async () => {
    await expect(runMigrations(urlOf(login), () => undefined)).rejects.toThrow(
      `a superuser has to say ALTER ROLE ${login} BYPASSRLS`,
    );
  });

  it('need not be a superuser, and then finds the rows that violate a key', async () => {
    await admin.query(`ALTER ROLE ${login} BYPASSRLS`);
    expect(await runMigrations(urlOf(login), () => undefined)).not.toEqual([]);
    const tenant = newTenant();
    await admin.query('ALTER TABLE migration.assets DROP CONSTRAINT fk_assets_discovery_flow');
    await admin.query(
      `INSERT INTO migration.assets (client_account_id, engagement_id, id, name, asset_type, discovery_flow_id)
       VALUES ($1, $2, $3, 'lost', 'server', $4)`,
      [tenant.client_account_id, tenant.engagement_id, randomUUID(), randomUUID()],
    );
    const owner = new Client({ connectionString: urlOf(login) });
    await owner.connect();
    const patience = {
      longestGateMs: 1000,
      lockTimeoutMs: 200,
      deadlockTimeoutMs: 1_000,
      deadlineMs: 10_000,
      terminateBlockers: false,
      onTerminated: () => undefined,
    };
    const reapply = async () => {
      const violations: Record<string, number> = {};
      await reapplyWiringKeys(owner, WIRING_KEYS, patience, 'reapply', (done) => {
        violations[done.key.name] = done.violations;
      });
      return violations;
    };
    try {
      expect(await reapply()).toMatchObject({ fk_assets_discovery_flow: 1 });
      await admin.query(`ALTER ROLE ${login} NOBYPASSRLS`);
      await expect(reapply()).rejects.toThrow('would see no row of any tenant');
      await admin.query(`ALTER ROLE ${login} BYPASSRLS`);
    } finally {
      await owner.end();
    }
  });

  it('hands the service a login that owns nothing', async () => {
    const app = `${login}_app`;
    await admin.query(`CREATE ROLE ${app} LOGIN PASSWORD 'secret'`);
    try {
      await expect(requireWalls(urlOf(app))).rejects.toThrow(
        `GRANT ${SERVICE_ROLE}, ${INGEST_ROLE} TO ${app}`,
      );
      await admin.query(`GRANT ${SERVICE_ROLE} TO ${app}`);
      await expect(requireWalls(urlOf(app))).rejects.toThrow(`GRANT ${INGEST_ROLE} TO ${app}`);
      await admin.query(`GRANT ${INGEST_ROLE} TO ${app}`);
      expect(await requireWalls(urlOf(app))).toEqual([]);
      expect(await requireWalls(bare.url)).toEqual([
        expect.stringContaining('gets round row-level security'),
      ]);

      await admin.query('ALTER TABLE migration.assets NO FORCE ROW LEVEL SECURITY');
      await expect(requireWalls(urlOf(app))).rejects.toThrow(
        'Row-level security is off on assets: ALTER TABLE',
      );
      await admin.query('ALTER TABLE migration.assets FORCE ROW LEVEL SECURITY');
      await admin.query(`GRANT ${login} TO ${SERVICE_ROLE}`);
      await expect(requireWalls(urlOf(app))).rejects.toThrow('is a member of their owner');
    } finally {
      await admin.query(`REVOKE ${login} FROM ${SERVICE_ROLE}`);
      await admin.query(`DROP ROLE ${app}`);
    }
  });
});

describe('a service whose login owns nothing', () => {
  it('does all of its work', async () => {
    const app = `test_app_${randomUUID().slice(0, 8)}`;
    const service = await startTestService({}, async (databaseUrl) => {
      const admin = new Client({ connectionString: databaseUrl });
      await admin.connect();
      await admin.query(`CREATE ROLE ${app} LOGIN PASSWORD 'secret' IN ROLE ${SERVICE_ROLE}, ${INGEST_ROLE}`);
      await admin.end();
      const url = new URL(databaseUrl);
      url.username = app;
      url.password = 'secret';
      return url.href;
    });
    const drop = new Client({ connectionString: process.env.TEST_SERVER_URL });
    try {
      const client = service.newClient();
      const { flowId } = await importAndFlow(client, serversCsv(20));
      expect((await runToEnd(client, flowId)).body).toMatchObject({ status: 'completed', created: 20 });
      expect((await client.get('/health/wiring?verify=scan')).body).toMatchObject({
        health_status: 'healthy',
      });
      expect((await fetch(`${service.origin}/api/v1/health/ready`)).status).toBe(200);
    } finally {
      await service.stop();
      await drop.connect();
      await drop.query(`DROP ROLE ${app}`);
      await drop.end();
    }
  });
});
