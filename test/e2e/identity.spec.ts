import { randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client';
import { countLinks } from '../support/fault';
import { importAndFlow, recordsOf, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';

describe('a row that describes an asset which the tenant has', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  async function load(csv: string, options: object = {}, by = client) {
    const flow = await importAndFlow(by, csv);
    const run = await runToEnd(by, flow.flowId, options);
    expect(run.body.total_records).toBe(
      run.body.created + run.body.duplicates + run.body.conflicts + run.body.rejected + run.body.pending,
    );
    const runs = `/discovery-flows/${flow.flowId}/runs/${String(run.body.id)}`;
    const conflicts = await by.get(`${runs}/conflicts`);
    return {
      ...flow,
      run: run.body,
      runs,
      conflicts: conflicts.body,
      records: await recordsOf(by, flow.importId),
    };
  }
  const links = (by = client) => countLinks(service.sql, by.tenant.client_account_id);
  const assets = async (by = client) => (await by.get('/unified-discovery/assets?page_size=200')).body.data;
  const healthy = async () => {
    expect((await client.get('/health/wiring?verify=scan&refresh=true')).body.health_status).toBe('healthy');
  };

  it('is a duplicate when it says the same: a finished run, run again, creates nothing', async () => {
    const { flowId } = await load(serversCsv(120), { chunk_size: 50 });
    const again = await runToEnd(client, flowId);
    expect(again.body).toMatchObject({ status: 'completed', total_records: 0, created: 0 });
    const second = await load(serversCsv(120), { chunk_size: 50 });
    expect(second.run).toMatchObject({
      status: 'completed',
      created: 0,
      linked: 0,
      duplicates: 120,
      conflicts: 0,
    });
    expect(second.conflicts.data).toEqual([]);
    expect(await links()).toEqual({ assets: 120, pairs: 120, pointing_assets: 120, pointing_records: 120 });
    expect((await client.get(`/data-imports/${second.importId}`)).body).toMatchObject({
      processed_records: 120,
      progress_percentage: 100,
    });
    await healthy();
  });

  it('is a conflict when it says otherwise: three changed cells make no asset, and the three are named', async () => {
    const first = await load(serversCsv(60));
    const before = await assets();
    const lines = serversCsv(60).split('\n');
    // Line i is row i: memory of row 7, a column without a mapping of row 20, the environment of row 33.
    const cells = (i: number) => lines[i]!.split(',');
    const change = (i: number, column: number, value: string) => {
      lines[i] = cells(i).with(column, value).join(',');
    };
    change(7, 4, '999');
    change(20, 5, 'R999');
    change(33, 2, 'TEST');
    const { run, conflicts, records } = await load(lines.join('\n'));
    expect(run).toMatchObject({ status: 'completed', created: 0, duplicates: 57, conflicts: 3, rejected: 0 });
    expect(conflicts.pagination.total).toBe(3);
    const assetOf = new Map(first.records.map(({ row_number, asset_id }) => [row_number, asset_id]));
    expect(conflicts.data).toEqual([
      {
        raw_import_record_id: records[6]!.id,
        row_number: 7,
        matched_asset_id: assetOf.get(7),
        asset_name: 'web-7',
        rule: 'hostname',
        candidates: 1,
        conflict_policy: 'keep_existing',
        differences: [
          { field: 'memory_gb', column: 'RAM (GB)', existing: 11, incoming: 999, outcome: 'kept' },
        ],
      },
      expect.objectContaining({
        row_number: 20,
        matched_asset_id: assetOf.get(20),
        differences: [
          {
            field: 'custom_attributes.Rack',
            column: 'Rack',
            existing: 'R20',
            incoming: 'R999',
            outcome: 'kept',
          },
        ],
      }),
      expect.objectContaining({
        row_number: 33,
        differences: [
          {
            field: 'environment',
            column: 'Environment',
            existing: 'production',
            incoming: 'testing',
            outcome: 'kept',
          },
        ],
      }),
    ]);
    const record = await client.get(`/raw-import-records/${records[6]!.id}`);
    expect(record.body).toMatchObject({
      fate: 'conflict',
      is_processed: true,
      asset_id: null,
      matched_asset_id: assetOf.get(7),
      discovery_run_id: run.id,
      processing_notes: 'In conflict with: web-7',
      decision: {
        rule: 'hostname',
        candidate_asset_id: assetOf.get(7),
        candidates: 1,
        conflict_policy: 'keep_existing',
      },
      cleansed_data: { hostname: 'web-7', memory_gb: 999 },
    });
    const duplicate = await client.get(`/raw-import-records/${records[0]!.id}`);
    expect(duplicate.body).toMatchObject({
      fate: 'duplicate',
      matched_asset_id: assetOf.get(1),
      decision: { rule: 'hostname', differences: [] },
    });
    expect(await assets()).toEqual(before);
    expect(await links()).toEqual({ assets: 60, pairs: 60, pointing_assets: 60, pointing_records: 60 });
    await healthy();
  });

  const OLD = 'Hostname,IP Address,Environment,RAM (GB),Rack,Location\nweb-1,10.0.0.1,PROD,8 GB,R1,\n';
  const NEW = 'Hostname,IP Address,Environment,RAM (GB),Rack,Location\nweb-1,10.0.0.1,TEST,16,R2,FRA\n';
  it.each([
    [
      'keep_existing',
      { environment: 'production', memory_gb: 8, location: null },
      { Rack: 'R1', 'RAM (GB)': '8 GB' },
    ],
    [
      'merge',
      { environment: 'production', memory_gb: 8, location: 'FRA' },
      { Rack: 'R1', 'RAM (GB)': '8 GB' },
    ],
    ['replace', { environment: 'testing', memory_gb: 16, location: 'FRA' }, { Rack: 'R2' }],
  ])(
    '%s does to the asset what it says, and to nothing else',
    async (conflict_policy, fields, attributes) => {
      const first = await load(OLD);
      const [before] = await assets();
      const other = service.newClient();
      await load(OLD, {}, other);
      const [othersBefore] = await assets(other);
      const { run, records } = await load(NEW, { conflict_policy });
      expect(run).toMatchObject({ created: 0, conflicts: 1, conflict_policy });
      const [after] = await assets();
      expect(after).toMatchObject(fields);
      expect(after.custom_attributes).toMatchObject(attributes);
      // Ids, links and the row that the asset was made from are nobody's to merge.
      const {
        id,
        raw_import_records_id,
        discovery_flow_id,
        master_flow_id,
        field_mappings_used,
        created_at,
      } = before;
      expect(after).toMatchObject({
        ...{ id, raw_import_records_id, discovery_flow_id, master_flow_id, field_mappings_used, created_at },
      });
      const [origin] = await recordsOf(client, first.importId);
      expect(origin).toEqual(first.records[0]);
      expect(records[0]!.raw_data).toMatchObject({ Environment: 'TEST' });
      expect(await assets(other)).toEqual([othersBefore]);
      expect(await links()).toMatchObject({ assets: 1, pairs: 1 });
      await healthy();
    },
  );

  it('is found within a chunk and across chunks alike, and none vanishes', async () => {
    const names = ['a', 'A', 'b', 'a', 'c', 'b', 'localhost', 'localhost', 'N/A', 'c', 'd', 'a', 'd', 'e'];
    const csv = `Hostname,Rack\n${names.map((name, i) => `${name},${name === 'c' ? `R${i}` : 'R'}`).join('\n')}\n`;
    const { run, records } = await load(csv, { chunk_size: 10 });
    // localhost is a name, if nobody's in particular; N/A is none.
    expect(records.map(({ fate }) => fate)).toEqual(
      [
        'created',
        'duplicate',
        'created',
        'duplicate',
        'created',
        'duplicate',
        'created',
        'created',
        'rejected',
      ].concat(['conflict', 'created', 'duplicate', 'duplicate', 'created']),
    );
    expect(run).toMatchObject({ created: 7, duplicates: 5, conflicts: 1, rejected: 1, pending: 0 });
    await healthy();
  });

  it('is looked for in its own tenant alone', async () => {
    await load(serversCsv(5));
    const engagement = new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() });
    const stranger = new ApiClient(service.origin, {
      client_account_id: randomUUID(),
      engagement_id: client.tenant.engagement_id,
    });
    for (const by of [engagement, stranger]) {
      expect((await load(serversCsv(5), {}, by)).run).toMatchObject({ created: 5, duplicates: 0 });
    }
  });

  it('is not looked for among deleted assets', async () => {
    await load(serversCsv(2));
    await service.sql.query(
      `UPDATE migration.assets SET deleted_at = now() WHERE client_account_id = $1 AND name = 'web-1'`,
      [client.tenant.client_account_id],
    );
    expect((await load(serversCsv(2))).run).toMatchObject({ created: 1, duplicates: 1 });
  });

  it('is one asset when two runs over two files meet it at the same moment', async () => {
    const flows = await Promise.all([1, 2, 3].map(() => importAndFlow(client, serversCsv(300))));
    const runs = await Promise.all(flows.map(({ flowId }) => runToEnd(client, flowId, { chunk_size: 20 })));
    const sum = (count: string) => runs.reduce((total, { body }) => total + (body[count] as number), 0);
    expect([sum('created'), sum('duplicates'), sum('conflicts')]).toEqual([300, 600, 0]);
    expect(await links()).toEqual({ assets: 300, pairs: 300, pointing_assets: 300, pointing_records: 300 });
    await healthy();
  });

  it('with names longer than an index entry is compared as a whole', async () => {
    const long = (end: string) => `${'ü'.repeat(199)}€${'x'.repeat(3000)}${end}`;
    const run = async (...names: string[]) => {
      const { body } = await client.upload('long.csv', `Hostname,Rack\n${names.join(',R\n')},R\n`);
      const flow = await client.post('/discovery-flows', {
        flow_name: 'long',
        data_import_id: body.id,
        field_mappings: { Hostname: 'hostname' },
      });
      return (await runToEnd(client, flow.body.flow_id as string)).body;
    };
    expect(await run(long('a'), long('b'), long('A'))).toMatchObject({ created: 2, duplicates: 1 });
    expect(await run(long('b'), long('c'))).toMatchObject({ created: 1, duplicates: 1 });
  });
});

describe('ASSET_IDENTITY_RULE', () => {
  it('says what a row is known by, and a run keeps what it said at its start', async () => {
    const service = await startTestService({ ASSET_IDENTITY_RULE: 'serial_number, hostname' });
    const client = service.newClient();
    const run = async (csv: string) =>
      (await runToEnd(client, (await importAndFlow(client, csv)).flowId)).body;
    expect(await run('Hostname,Serial Number\na,S-1\n')).toMatchObject({
      created: 1,
      identity_rule: ['serial_number', 'hostname'],
    });
    expect(await run('Hostname,Serial Number\nb,s-1\na,S-2\na,\n')).toMatchObject({
      created: 1,
      conflicts: 1,
      duplicates: 1,
    });
    await service.stop();
  });
});
