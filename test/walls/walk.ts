import { randomUUID } from 'node:crypto';
import { RunExecutor } from '../../src/discovery-flows/run-executor.service';
import { BackgroundWorker } from '../../src/background/background-worker.service';
import { RepairTask } from '../../src/link-repair/repair-task.service';
import type { ApiClient } from '../support/api-client';
import { refuseAssetsNamed } from '../support/fault';
import type { TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { dropWiringKeys } from '../support/wiring';
import { postWithKey } from '../support/with-key';

const HEADER = 'Hostname,IP Address,Environment,CPU Cores\n';
/** The last row cannot be stored. */
const SERVERS = `${HEADER}web-1,10.0.0.1,PROD,4\nweb-2,10.0.0.2,PROD,8\nweb-3,10.0.0.3,PROD,2\nweb-4,10.0.0.4,DEV,1\nbad\0,10.0.0.9,DEV,1\n`;
/** One that is known and says something else, one that the database is made to refuse, one that is new. */
const MORE = `${HEADER}web-2,10.0.0.2,TEST,16\npoison,10.0.0.7,DEV,1\nweb-5,10.0.0.5,DEV,1\n`;

/** One of each kind, as a DBA can after a rollback of the keys. */
async function breakLinks({ sql }: TestService, { tenant }: ApiClient): Promise<void> {
  await dropWiringKeys(sql);
  const values = [tenant.client_account_id, tenant.engagement_id];
  const assets = await sql.query<{ id: string }>(
    `SELECT id FROM migration.assets WHERE client_account_id = $1 AND engagement_id = $2 ORDER BY name`,
    values,
  );
  const set = (what: string, i: number) =>
    sql.query(`UPDATE migration.assets SET ${what} WHERE client_account_id = $1 AND id = $2`, [
      tenant.client_account_id,
      assets.rows[i]!.id,
    ]);
  await set('discovery_flow_id = NULL', 0);
  await set('discovery_flow_id = gen_random_uuid()', 1);
  await set('raw_import_records_id = gen_random_uuid()', 2);
  await set('raw_import_records_id = NULL', 3);
}

/** Ids of what the walk has left, to ask for under other tenants' names. */
export type Trail = Record<string, string>;

/**
 * Goes once through all that a tenant can do over HTTP. The service's own worker stands still, and the walk asks for
 * slices of runs itself, so that what happens when is always the same.
 */
export async function walk(service: TestService, client: ApiClient): Promise<Trail> {
  await service.app.get(BackgroundWorker).beforeApplicationShutdown();
  const executor = service.app.get(RunExecutor);
  const advance = (run_id: string) => executor.advance(client.tenant, run_id, () => false);
  const done = async (answer: ReturnType<ApiClient['get']>, status = 200) => {
    const { status: is, body } = await answer;
    expect({ is, body }).toMatchObject({ is: status });
    return body;
  };
  const csv = (name: string, text: string, query = '') => client.upload(`${name}.csv`, text, query);

  // A file, the same one again, one that is none, and the rejects of the first, mended.
  const first = await done(csv('servers', SERVERS), 201);
  await done(csv('servers', SERVERS));
  await done(client.upload('broken.json', '[{"a": 1},'), 422);
  await done(client.get('/data-imports'));
  await done(client.get(`/data-imports/${first.id}`));
  await done(client.get(`/data-imports/${first.id}/rejects`));
  const rejects = await client.get(`/data-imports/${first.id}/rejects`, { accept: 'text/csv' });
  const mended = rejects.text.replace(/bad[^,]*,/, 'web-9,');
  const corrections = await done(csv('mended', mended, `?corrects=${first.id}`), 201);
  await done(csv('mended-too', `${mended}\n`), 201);
  for (const filter of [`data_import_id=${first.id}`, 'is_processed=false', 'is_valid=true', '']) {
    await done(client.get(`/raw-import-records?${filter}`));
  }
  const records = await done(client.get(`/raw-import-records?data_import_id=${first.id}`));
  const record = records.data[0].id as string;
  await done(client.get(`/raw-import-records/${record}`));

  // Flows, with mappings that are given, corrected and learned.
  const field_mappings = { Hostname: 'hostname', 'IP Address': 'ip_address', Environment: 'environment' };
  const given = { flow_name: 'first', data_import_id: first.id, field_mappings };
  const flow = await done(client.post('/discovery-flows', given), 201);
  const flowPath = `/discovery-flows/${flow.flow_id}`;
  await done(
    client.put(`${flowPath}/field-mappings`, {
      field_mappings: { ...field_mappings, 'CPU Cores': 'cpu_cores' },
    }),
  );
  await done(client.get('/discovery-flows'));
  await done(client.get(flowPath));

  // A given list, with a key, twice.
  const list = {
    discovered_assets: [
      { name: 'given-1', asset_type: 'server', raw_import_record_id: record },
      { name: 'given-2', asset_type: 'server', raw_import_record_id: randomUUID() },
    ],
  };
  const listKey = randomUUID();
  for (let i = 0; i < 2; i++) await done(postWithKey(client, listKey, `${flowPath}/assets`, list), 201);

  // Runs: tried, begun, paused, resumed, ended.
  await done(client.post(`${flowPath}/runs`, { dry_run: true }));
  const run = await done(client.post(`${flowPath}/runs`, { chunk_size: 10 }), 202);
  const runPath = `${flowPath}/runs/${run.id}`;
  await done(client.post(`${flowPath}/runs`), 409);
  await done(client.post(`${runPath}/pause`), 202);
  await done(client.post(`${runPath}/resume`), 202);
  await advance(run.id);
  expect((await done(client.get(runPath))).status).toBe('completed');

  // A run that meets a conflict and a row that the database refuses; one that is cancelled; one of no rows.
  const second = await done(csv('more', MORE), 201);
  const other = await done(
    client.post('/discovery-flows', { flow_name: 'second', data_import_id: second.id }),
    201,
  );
  const otherPath = `/discovery-flows/${other.flow_id}/runs`;
  const cancelled = await done(client.post(otherPath, { chunk_size: 10 }), 202);
  await done(client.post(`${otherPath}/${cancelled.id}/cancel`), 202);
  const mend = await refuseAssetsNamed(service.sql, 'poison');
  await done(client.post(otherPath, { dry_run: true }));
  const merge = await done(client.post(otherPath, { chunk_size: 10, conflict_policy: 'merge' }), 202);
  await advance(merge.id);
  await mend();
  await done(client.post(`${otherPath}/${merge.id}/retry`), 409);
  const replaced = await done(csv('again', MORE.replace('TEST', 'QA').replace('poison', 'web-6')), 201);
  const third = await done(
    client.post('/discovery-flows', { flow_name: 'third', data_import_id: replaced.id }),
    201,
  );
  const replace = await done(
    client.post(`/discovery-flows/${third.flow_id}/runs`, { chunk_size: 10, conflict_policy: 'replace' }),
    202,
  );
  await advance(replace.id);
  for (const path of [
    '',
    `/${merge.id}`,
    `/${merge.id}/chunks?status=failed`,
    `/${merge.id}/chunks`,
    `/${merge.id}/conflicts`,
  ]) {
    await done(client.get(`${otherPath}${path}`));
  }
  await done(client.get(`${otherPath}/${merge.id}/events`));

  const assets = await done(client.get('/unified-discovery/assets'));
  await done(client.get(`/unified-discovery/assets?flow_id=${flow.flow_id}`));
  const asset = assets.data[0].id as string;
  await done(client.get(`/unified-discovery/assets?after=${asset}`));
  await done(client.get(`/unified-discovery/assets?after=${asset}&flow_id=${flow.flow_id}`));
  await done(client.get(`/unified-discovery/assets/${asset}`));
  await done(client.get(`/unified-discovery/assets/${asset}/lineage`));
  await done(client.get('/audit-events'));
  await done(
    client.get(
      `/audit-events?action=run.started&target_id=${run.id}&from=2026-01-01T00:00:00Z&to=2126-01-01T00:00:00Z`,
    ),
  );
  await done(client.get('/health/wiring?refresh=true'));
  // The hour is written after the answer.
  await waitFor('the health to be kept', async () => {
    const history = await done(client.get('/health/wiring/history'));
    return history.pagination.total > 0;
  });
  await breakLinks(service, client);
  await done(client.get('/health/wiring?detail=true&refresh=true&verify=scan'));
  await waitFor('the worse health to be kept', async () => {
    const history = await done(
      client.get('/health/wiring/history?from=2026-01-01T00:00:00Z&to=2126-01-01T00:00:00Z'),
    );
    return history.data[0].health_status === 'unhealthy';
  });

  // What is broken, mended and broken again: what the worker does is asked for here, slice by slice.
  const repairs = service.app.get(RepairTask);
  const plan = await done(client.get('/health/wiring/repair'));
  const repair = await done(client.post('/health/wiring/repair', { plan_hash: plan.plan_hash }), 202);
  const repairPath = `/health/wiring/repair/${repair.id}`;
  const repairNow = () => repairs.work({ ...client.tenant, repair_id: repair.id }, () => true);
  await repairNow();
  await repairNow();
  expect((await done(client.get(repairPath))).status).toBe('applied');
  await done(client.get(`${repairPath}/events`));
  await done(client.post(`${repairPath}/undo`), 202);
  await repairs.reclaim(new Date(Date.now() + 60_000));
  await repairNow();
  await repairNow();
  expect((await done(client.get(repairPath))).status).toBe('undone');
  return {
    id: first.id,
    corrections: corrections.id,
    flow_id: flow.flow_id,
    run_id: run.id,
    repair_id: repair.id,
    merge: merge.id,
    record,
    asset,
  };
}
