import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { WIRING_KEYS } from '../../src/database/wiring-keys';
import { ApiClient } from '../support/api-client';
import { breakLinksAtRandom } from '../support/broken-links';
import { EventStream } from '../support/event-stream';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { dumpLinks } from '../support/link-dump';
import { expectProblem } from '../support/problem';
import { repairEnds, repairToEnd } from '../support/repair';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { dropWiringKeys } from '../support/wiring';
import { expectReplay, postWithKey } from '../support/with-key';

const REPAIR = '/health/wiring/repair';
const UNKNOWN_HASH = 'a'.repeat(64);

interface MetricRepair {
  name: string;
  count: number;
  fixable: number;
  left: number;
  how: Record<string, number>;
  samples: { table: string; id: string; from: object; to: object }[];
}

describe('the repair of a tenant', () => {
  let service: TestService;
  let client: ApiClient;
  beforeEach(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    client = await filled();
  });
  afterEach(() => service.stop());

  async function filled(rows = 30, as = service.newClient()): Promise<ApiClient> {
    const { flowId } = await importAndFlow(as, serversCsv(rows));
    await runToEnd(as, flowId);
    return as;
  }
  const plan = async (of = client) => (await of.get(REPAIR)).body;
  const metricsOf = async (of = client) =>
    (await of.get('/health/wiring?refresh=true&verify=scan')).body.metrics as Record<string, number>;
  const dump = (of = client) => dumpLinks(service.sql, of.tenant);
  const loseFlows = () =>
    service.sql.query('UPDATE migration.assets SET discovery_flow_id = NULL WHERE client_account_id = $1', [
      client.tenant.client_account_id,
    ]);
  const addKeys = async () => {
    for (const { name, table, definition } of WIRING_KEYS) {
      await service.sql.query(
        `ALTER TABLE migration.${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`,
      );
    }
  };
  const auditOf = async (id: string) =>
    ((await client.get(`/audit-events?target_id=${id}`)).body.data as Record<string, unknown>[])
      .map(({ action, counts, details }) => ({ action, counts, details }))
      .reverse();

  it('has nothing to do where every link holds', async () => {
    expect(await plan()).toMatchObject({ plan_hash: null, rows: 0, rules: [], refused: [] });
    expectProblem(await client.post(REPAIR, { plan_hash: UNKNOWN_HASH }), 409);
  });

  it('says beforehand what each metric will count, does that, and takes it back to the last byte', async () => {
    await dropWiringKeys(service.sql);
    const sibling = await filled(
      10,
      new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() }),
    );
    const others = [sibling, await filled(10)];
    await breakLinksAtRandom(service.sql, 0.1);
    const before = [await dump(), ...(await Promise.all(others.map(dump)))];
    const repairs = [];
    // What is mended may bear out what was in doubt, so that another plan follows.
    for (let next = await plan(); next.plan_hash !== null; next = await plan()) {
      const metrics = next.metrics as MetricRepair[];
      expect(Object.fromEntries(metrics.map(({ name, count }) => [name, count]))).toEqual(await metricsOf());
      repairs.unshift(await repairToEnd(client));
      expect(repairs[0]).toMatchObject({
        status: 'applied',
        planned: next.rows,
        applied: next.rows,
        skipped: 0,
      });
      expect(Object.fromEntries(metrics.map(({ name, left }) => [name, left]))).toEqual(await metricsOf());
      for (const { fixable, how, samples } of metrics) {
        expect(Object.values(how).reduce((sum, count) => sum + count, 0)).toBe(fixable);
        expect(samples).toHaveLength(Math.min(fixable, 5));
      }
    }
    expect(repairs.length).toBeGreaterThan(0);
    const { refused } = await plan();
    expect(await metricsOf()).toMatchObject({
      assets_with_orphan_raw_import_ref: 0,
      raw_records_with_orphan_asset_ref: 0,
      assets_with_orphan_discovery_flow_ref: 0,
    });
    for (const { reason, count, description, samples } of refused) {
      expect(samples).toHaveLength(Math.min(count, 20));
      expect({ reason, count, description }).toEqual({
        reason: expect.any(String),
        count: expect.any(Number),
        description: expect.any(String),
      });
    }
    for (const { id } of repairs) {
      expect((await client.post(`${REPAIR}/${id}/undo`)).status).toBe(202);
      expect(await repairEnds(client, id)).toMatchObject({ status: 'undone' });
    }
    expect([await dump(), ...(await Promise.all(others.map(dump)))]).toEqual(before);
  });

  it('shows the rows that it would change', async () => {
    await service.sql.query(
      `UPDATE migration.assets SET discovery_flow_id = NULL WHERE client_account_id = $1 AND name = 'web-7'`,
      [client.tenant.client_account_id],
    );
    const { rows } = await service.sql.query<{ id: string; flow: string }>(
      `SELECT a.id, f.id AS flow FROM migration.assets a, migration.discovery_flows f
        WHERE a.client_account_id = $1 AND f.client_account_id = $1 AND a.name = 'web-7'`,
      [client.tenant.client_account_id],
    );
    const { metrics, rules } = await plan();
    expect(rules).toEqual([
      { rule: 'derive_discovery_flow_id', count: 1, description: expect.stringContaining('one flow') },
    ]);
    const [{ id, flow }] = rows as [{ id: string; flow: string }];
    expect(metrics[0]).toEqual({
      name: 'flow_based_assets_missing_discovery_flow_id',
      count: 1,
      fixable: 1,
      left: 0,
      how: { derive_discovery_flow_id: 1 },
      samples: [{ table: 'assets', id, from: { discovery_flow_id: null }, to: { discovery_flow_id: flow } }],
    });
  });

  it('does the plan that was read or nothing', async () => {
    await loseFlows();
    const { plan_hash } = await plan();
    await service.sql.query(
      `UPDATE migration.assets SET master_flow_id = NULL WHERE client_account_id = $1 AND name = 'web-7'`,
      [client.tenant.client_account_id],
    );
    const before = await dump();
    const answer = await client.post(REPAIR, { plan_hash });
    expectProblem(answer, 409);
    expect(answer.body.detail).toContain('changed since this plan was made');
    expect(await dump()).toEqual(before);
    const { rows } = await service.sql.query('SELECT FROM migration.link_repair_changes');
    expect(rows).toHaveLength(0);
  });

  it('names the field of a hash that is none', async () => {
    for (const body of [{}, { plan_hash: null }, { plan_hash: 'x' }, { plan_hash: UNKNOWN_HASH, rows: 1 }]) {
      const answer = await client.post(REPAIR, body);
      expectProblem(answer, 400);
      expect(answer.body.errors[0].field).toBe('rows' in body ? 'rows' : 'plan_hash');
    }
  });

  it('is begun once for an Idempotency-Key, and alone', async () => {
    await loseFlows();
    const { plan_hash } = await plan();
    const key = randomUUID();
    const first = await postWithKey(client, key, REPAIR, { plan_hash });
    expect(first.headers.get('location')).toBe(`/api/v1${REPAIR}/${first.body.id}`);
    expectReplay(await postWithKey(client, key, REPAIR, { plan_hash }), first);
    await repairEnds(client, first.body.id as string);
    const { rows } = await service.sql.query('SELECT FROM migration.link_repairs');
    expect(rows).toHaveLength(1);
  });

  it('of several that ask at the same time begins one', async () => {
    await loseFlows();
    const { plan_hash } = await plan();
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.post(REPAIR, { plan_hash })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    const begun = answers.find(({ status }) => status === 202)!;
    expect(await repairEnds(client, begun.body.id as string)).toMatchObject({
      status: 'applied',
      skipped: 0,
    });
  });

  it('shows its progress as events, and leaves its audit', async () => {
    await loseFlows();
    const { plan_hash, rows } = await plan();
    const { body } = await client.post(REPAIR, { plan_hash });
    const stream = await EventStream.open(client, `${REPAIR}/${body.id}/events`);
    await stream.ended();
    expect(stream.events.at(-1)).toMatchObject({
      event: 'end',
      data: { id: body.id, status: 'applied', planned: rows, applied: rows },
    });
    await client.post(`${REPAIR}/${body.id}/undo`);
    await repairEnds(client, body.id as string);
    const counts = { planned: rows, applied: rows, skipped: 0 };
    expect(await auditOf(body.id as string)).toEqual([
      { action: 'repair.started', counts: { planned: rows }, details: { plan_hash } },
      {
        action: 'repair.ended',
        counts: { ...counts, undone: 0 },
        details: { status: 'applied', run_id: body.id },
      },
      { action: 'repair.undo_requested', counts: { applied: rows }, details: {} },
      {
        action: 'repair.ended',
        counts: { ...counts, undone: rows },
        details: { status: 'undone', run_id: body.id },
      },
    ]);
    expect((await client.post(`${REPAIR}/${body.id}/undo`)).body).toMatchObject({ status: 'undone' });
  });

  /** For each key, links that it forbids. */
  const FORBIDDEN: [string, string][] = [
    ['fk_assets_discovery_flow', 'UPDATE migration.assets SET discovery_flow_id = gen_random_uuid()'],
    ['fk_assets_raw_import_record', 'UPDATE migration.raw_import_records SET asset_id = NULL'],
    ['fk_raw_import_records_asset', 'UPDATE migration.assets SET raw_import_records_id = NULL'],
    ['fk_assets_raw_import_record', 'UPDATE migration.assets SET raw_import_records_id = gen_random_uuid()'],
    ['fk_raw_import_records_asset', 'UPDATE migration.raw_import_records SET asset_id = gen_random_uuid()'],
    ['fk_assets_master_flow', 'UPDATE migration.assets SET master_flow_id = gen_random_uuid()'],
    [
      'fk_discovery_flows_master_flow',
      'UPDATE migration.discovery_flows SET master_flow_id = gen_random_uuid()',
    ],
    [
      'fk_raw_import_records_data_import',
      'UPDATE migration.raw_import_records SET data_import_id = gen_random_uuid()',
    ],
  ];

  it.each(FORBIDDEN)('cannot be undone while %s forbids what was: %s', async (key, sql) => {
    await dropWiringKeys(service.sql);
    await service.sql.query(`${sql} WHERE client_account_id = $1`, [client.tenant.client_account_id]);
    const broken = await dump();
    const { id } = await repairToEnd(client);
    await addKeys();
    const mended = await dump();
    const refused = await client.post(`${REPAIR}/${id}/undo`);
    expectProblem(refused, 409);
    expect(refused.body.detail).toContain(key);
    expect((await client.get(`${REPAIR}/${id}`)).body.status).toBe('applied');
    expect(await dump()).toEqual(mended);
    const named = /while (.*) forbids? /.exec(refused.body.detail as string)![1]!.split(' and ');
    for (const name of named) {
      const { table } = WIRING_KEYS.find((known) => known.name === name)!;
      await service.sql.query(`ALTER TABLE migration.${table} DROP CONSTRAINT ${name}`);
    }
    // With just these gone the old state is one that the database takes.
    expect((await client.post(`${REPAIR}/${id}/undo`)).status).toBe(202);
    expect(await repairEnds(client, id)).toMatchObject({ status: 'undone' });
    expect(await dump()).toEqual(broken);
  });

  it('can be undone beside the keys where they allow what was', async () => {
    await loseFlows();
    const broken = await dump();
    const { id } = await repairToEnd(client);
    expect((await client.post(`${REPAIR}/${id}/undo`)).status).toBe(202);
    expect(await repairEnds(client, id)).toMatchObject({ status: 'undone', undone: 30 });
    expect(await dump()).toEqual(broken);
  });

  it('leaves rows alone that have changed since', async () => {
    await loseFlows();
    const { id } = await repairToEnd(client);
    await service.sql.query(
      `UPDATE migration.assets SET discovery_flow_id = NULL WHERE client_account_id = $1 AND name = 'web-7'`,
      [client.tenant.client_account_id],
    );
    await client.post(`${REPAIR}/${id}/undo`);
    expect(await repairEnds(client, id)).toMatchObject({ status: 'undone', applied: 30, undone: 29 });
  });

  it('is gone on with when its worker has died or its job is lost', async () => {
    await loseFlows();
    const locker = new Client({ connectionString: service.databaseUrl });
    await locker.connect();
    await locker.query('BEGIN; SELECT FROM migration.assets FOR UPDATE');
    const { body } = await client.post(REPAIR, { plan_hash: (await plan()).plan_hash });
    await waitFor('the batch to wait for the rows', async () => {
      const { rows } = await service.sql.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      return rows.length > 0;
    });
    // As a process that dies: its batch rolls back, and nobody else knows of the job.
    await service.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
    );
    await service.sql.query('DELETE FROM graphile_worker._private_jobs');
    await locker.query('ROLLBACK');
    await locker.end();
    await service.sql.query(`UPDATE migration.link_repairs SET due_at = now() - interval '1 second'`);
    expect(await repairEnds(client, body.id as string)).toMatchObject({ status: 'applied', applied: 30 });
  });

  it('stops and says why where the database refuses a row, and what was done can be undone', async () => {
    await loseFlows();
    const broken = await dump();
    await service.sql.query(
      `ALTER TABLE migration.assets ADD CONSTRAINT ck_test_fault CHECK (name <> 'web-7' OR discovery_flow_id IS NULL) NOT VALID`,
    );
    const stopped = await repairToEnd(client);
    expect(stopped).toMatchObject({
      status: 'stopped',
      error: expect.stringMatching(/SQLSTATE 23514, constraint ck_test_fault/),
    });
    expect((await auditOf(stopped.id)).at(-1)).toMatchObject({
      action: 'repair.ended',
      details: { status: 'stopped' },
    });
    await client.post(`${REPAIR}/${stopped.id}/undo`);
    expect(await repairEnds(client, stopped.id)).toMatchObject({ status: 'undone' });
    expect(await dump()).toEqual(broken);
  });
});
