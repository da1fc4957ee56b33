import { randomUUID } from 'node:crypto';
import { ApiClient, newTenant } from '../support/api-client';
import { type ApiRoute, readApiRoutes } from '../support/api-routes';
import { importAndFlow, recordsOf, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { repairToEnd } from '../support/repair';
import { startTestService, type TestService } from '../support/test-service';

const TABLES = [
  'assets',
  'raw_import_records',
  'data_imports',
  'discovery_flows',
  'crewai_flow_state_extensions',
  'import_field_mappings',
  'learned_field_mappings',
  'discovery_runs',
  'discovery_run_chunks',
  'link_repairs',
  'link_repair_changes',
];

describe('tenancy', () => {
  let service: TestService;
  let owner: ApiClient;
  let strangers: [string, ApiClient][];
  let routes: ApiRoute[];
  /** Which of the owner's ids stands for which route's parameter. */
  const ids: Record<string, Record<string, string>> = {};
  let owned: { importId: string; flowId: string; recordId: string };

  beforeAll(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    owner = service.newClient();
    routes = (await readApiRoutes(service.origin)).filter(({ isTenants }) => isTenants);
    const { importId, flowId } = await importAndFlow(owner, `${serversCsv(5)},,,,,x\n\0,,,,,y\n`);
    const run = await runToEnd(owner, flowId);
    // Rows that are pending still, so that there is something for a stranger to take.
    const { flowId: open, importId: openImport } = await importAndFlow(owner, serversCsv(4));
    const [record] = await recordsOf(owner, openImport);
    const [asset] = (await owner.get('/unified-discovery/assets')).body.data;
    owned = { importId, flowId: open, recordId: record!.id };
    ids['data-imports'] = { id: importId };
    ids['raw-import-records'] = { id: record!.id };
    ids['unified-discovery'] = { id: asset.id };
    ids['discovery-flows'] = { flow_id: flowId, run_id: run.body.id };
    await service.sql.query('UPDATE migration.assets SET discovery_flow_id = NULL WHERE id = $1', [asset.id]);
    ids.health = { repair_id: (await repairToEnd(owner)).id };
    strangers = [
      ['another engagement of the same client', { ...owner.tenant, engagement_id: randomUUID() }],
      [
        'another client with the same engagement',
        { ...newTenant(), engagement_id: owner.tenant.engagement_id },
      ],
      ['another tenant', newTenant()],
    ].map(([who, tenant]) => [who as string, new ApiClient(service.origin, tenant as typeof owner.tenant)]);
  });
  afterAll(() => service.stop());

  async function snapshot(): Promise<string> {
    const parts = [];
    for (const table of TABLES) {
      const { rows } = await service.sql.query<{ content: string }>(
        `SELECT coalesce(jsonb_agg(to_jsonb(t) || jsonb_build_object('xmin', t.xmin::text) ORDER BY to_jsonb(t)::text), '[]')::text AS content
           FROM migration.${table} t WHERE client_account_id = $1 AND engagement_id = $2`,
        [owner.tenant.client_account_id, owner.tenant.engagement_id],
      );
      parts.push(`${table} ${rows[0]!.content}`);
    }
    return parts.join('\n');
  }

  const idsOf = ({ template }: ApiRoute) => ids[template.replace('/api/v1/', '').split('/', 1)[0]!] ?? {};
  const bodyOf = ({ template }: ApiRoute) =>
    JSON.stringify(
      template.endsWith('/field-mappings')
        ? { field_mappings: { Rack: 'name' } }
        : template.endsWith('/assets')
          ? {
              discovered_assets: [
                { name: 'theirs', asset_type: 'server', raw_import_record_id: owned.recordId },
              ],
            }
          : {},
    );
  const ask = (client: ApiClient, route: ApiRoute) =>
    client.send(route.method, route.path(idsOf(route)), route.takesJson ? bodyOf(route) : undefined, {
      ...(route.takesJson && { 'content-type': 'application/json' }),
    });

  it('the owner’s ids are found by the owner, so that what follows means something', async () => {
    const reads = routes.filter(({ method, template }) => method === 'GET' && template.includes('{'));
    expect(reads.length).toBeGreaterThanOrEqual(7);
    for (const route of reads) expect((await ask(owner, route)).status).toBe(200);
  });

  it('an id of another tenant is 404 on every route, and nothing of it changes or shows', async () => {
    const before = await snapshot();
    for (const [who, stranger] of strangers) {
      for (const route of routes.filter(({ template }) => template.includes('{'))) {
        const answer = await ask(stranger, route);
        expect({ who, route: `${route.method} ${route.template}`, status: answer.status }).toMatchObject({
          status: 404,
        });
        expectProblem(answer, 404);
        const nobodys = await stranger.send(
          route.method,
          route.path(),
          route.takesJson ? bodyOf(route) : undefined,
          {
            ...(route.takesJson && { 'content-type': 'application/json' }),
          },
        );
        const shape = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
        expect(shape(answer.text)).toBe(shape(nobodys.text));
      }
    }
    expect(await snapshot()).toBe(before);
  });

  it('lists of another tenant are empty, and its filters find nothing', async () => {
    for (const [, stranger] of strangers) {
      for (const route of routes.filter(
        ({ method, template }) => method === 'GET' && !template.includes('{'),
      )) {
        const { status, text } = await stranger.get(route.path());
        expect(status).toBe(200);
        expect(text).not.toContain(owned.importId);
        // Being asked for the health leaves an hour of one's own.
        if (!route.template.includes('/health/'))
          expect(JSON.parse(text)).toMatchObject({ data: [], pagination: { total: 0 } });
      }
      expectProblem(await stranger.get(`/raw-import-records?data_import_id=${owned.importId}`), 404);
      expectProblem(await stranger.get(`/unified-discovery/assets?flow_id=${owned.flowId}`), 404);
      expectProblem(
        await stranger.post('/discovery-flows', { flow_name: 'x', data_import_id: owned.importId }),
        404,
      );
      expectProblem(
        await stranger.get(`/data-imports/${owned.importId}/rejects`, { accept: 'text/csv' }),
        404,
      );
      expect((await stranger.get('/health/wiring?detail=true')).body).toMatchObject({
        health_status: 'healthy',
        samples: {},
      });
    }
  });

  it('a stranger who works in a flow of its own takes nothing of another’s rows', async () => {
    const before = await snapshot();
    for (const [, stranger] of strangers) {
      const { flowId } = await importAndFlow(stranger, serversCsv(3));
      const { body } = await stranger.post(`/discovery-flows/${flowId}/assets`, {
        discovered_assets: [{ name: 'theirs', asset_type: 'server', raw_import_record_id: owned.recordId }],
      });
      expect(body).toMatchObject({ total_created: 0, total_skipped: 1 });
      expect((await runToEnd(stranger, flowId)).body).toMatchObject({ total_records: 3, created: 3 });
      expect((await stranger.get('/unified-discovery/assets')).body.pagination.total).toBe(3);
    }
    expect(await snapshot()).toBe(before);
    expect((await owner.get('/unified-discovery/assets')).body.pagination.total).toBe(5);
  });

  it('the same bytes are each tenant’s own first import', async () => {
    const csv = serversCsv(2, { prefix: 'same' });
    const all = [owner, ...strangers.map(([, stranger]) => stranger)];
    const answers = [];
    for (const client of all) answers.push(await client.upload('same.csv', csv));
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(all.length);
  });

  it('tenant ids are the same in any case', async () => {
    const upper = new ApiClient(service.origin, {
      client_account_id: owner.tenant.client_account_id.toUpperCase(),
      engagement_id: owner.tenant.engagement_id.toUpperCase(),
    });
    expect((await upper.get('/health/wiring')).body.tenant).toEqual(owner.tenant);
    expect((await upper.get(`/data-imports/${owned.importId}`)).status).toBe(200);
  });
});
