import { type ApiClient } from '../support/api-client';
import { importAndFlow, recordsOf, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

describe('{"dry_run": true}', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const preview = (flowId: string, body: object = {}) =>
    client.post(`/discovery-flows/${flowId}/runs`, { dry_run: true, ...body });

  /** Everything that the database has counted as written, whoever the tenant is. */
  async function written(): Promise<unknown> {
    const { rows } = await service.sql.query(
      `SELECT relname, pg_relation_size(relid) AS size,
              (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) || max(xmin::text) AS n FROM %I.%I', schemaname, relname), false, true, '')))[1]::text AS content
         FROM pg_stat_user_tables WHERE schemaname = 'migration' ORDER BY relname`,
    );
    return rows;
  }

  it('tells what a run would do, with samples, and writes nothing', async () => {
    const known = await importAndFlow(client, 'Hostname,RAM (GB)\nweb-1,4\nweb-2,8\n');
    await runToEnd(client, known.flowId);
    const { flowId, importId } = await importAndFlow(
      client,
      'Hostname,RAM (GB)\nweb-1,4\nweb-2,16\nweb-3,4\n,4\nweb-3,4\nweb-3,5\n',
    );
    const before = await written();
    const { status, body, headers } = await preview(flowId);
    expect([status, headers.get('location')]).toEqual([200, null]);
    expect(body).toMatchObject({
      dry_run: true,
      total_records: 6,
      created: 1,
      linked: 1,
      duplicates: 2,
      conflicts: 2,
      rejected: 1,
      chunks_total: 1,
    });
    const records = await recordsOf(client, importId);
    const [web1, web2] = (await client.get('/unified-discovery/assets')).body.data;
    const sample = (row: number) => ({ raw_import_record_id: records[row - 1]!.id, row_number: row });
    expect(body.samples).toEqual({
      created: [{ ...sample(3), name: 'web-3', asset_type: 'server' }],
      duplicates: [
        {
          ...sample(1),
          name: 'web-1',
          rule: 'hostname',
          matched_asset_id: web1.id,
          matched_row_number: null,
        },
        { ...sample(5), name: 'web-3', rule: 'hostname', matched_asset_id: null, matched_row_number: 3 },
      ],
      conflicts: [
        {
          ...sample(2),
          ...{ name: 'web-2', rule: 'hostname', matched_asset_id: web2.id, matched_row_number: null },
          differences: [
            { field: 'memory_gb', column: 'RAM (GB)', existing: 8, incoming: 16, outcome: 'kept' },
          ],
        },
        {
          ...sample(6),
          ...{ name: 'web-3', rule: 'hostname', matched_asset_id: null, matched_row_number: 3 },
          differences: [
            { field: 'memory_gb', column: 'RAM (GB)', existing: 4, incoming: 5, outcome: 'kept' },
          ],
        },
      ],
      rejected: [{ ...sample(4), error_code: 'missing_name', message: expect.any(String) }],
    });
    expect(await written()).toEqual(before);
  });

  it.each(['keep_existing', 'merge', 'replace'])(
    'tells of a large file what the run then does, with %s',
    async (conflict_policy) => {
      await runToEnd(client, (await importAndFlow(client, serversCsv(700))).flowId);
      const csv = `Hostname,IP Address,Location,Rack\n${Array.from({ length: 3200 }, (_, i) => {
        const host = i % 11 === 0 ? '' : `web-${(i * 7) % 1900}`;
        const address = `10.9.${(i % 500) >> 8}.${i % 250}`;
        // A key that several assets share is not followed when a row takes it from one of them.
        const ip = host !== '' && conflict_policy === 'replace' ? '' : address;
        return `${host},${ip},${i % 5 === 0 ? `Site ${i % 3}` : ''},R${i % 40}`;
      }).join('\n')}\n`;
      const { flowId } = await importAndFlow(client, csv);
      const told = (await preview(flowId, { conflict_policy })).body;
      const done = (await runToEnd(client, flowId, { conflict_policy, chunk_size: 90 })).body;
      for (const count of ['total_records', 'created', 'linked', 'duplicates', 'conflicts', 'rejected']) {
        expect({ count, told: told[count] }).toEqual({ count, told: done[count] });
      }
      expect(done.duplicates + done.conflicts).toBeGreaterThan(1000);
    },
  );

  it('is refused where a run would be, and of a foreign flow there is none', async () => {
    const bare = await client.post('/discovery-flows', { flow_name: 'bare' });
    expectProblem(await preview(bare.body.flow_id as string), 409);
    const { flowId } = await importAndFlow(client, serversCsv(2));
    expectProblem(await preview(flowId, { dry_run: 'yes' }), 400, ['dry_run']);
    expectProblem(await service.newClient().post(`/discovery-flows/${flowId}/runs`, { dry_run: true }), 404);
  });
});
