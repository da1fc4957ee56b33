import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runEnd } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';

/** Inventories that companies and projects really exported; they are not part of this project. */
const FOLDER = join(__dirname, '../../../shared/data');
const FAMILIES = ['konveyor-tackle2', 'aws-cmf', 'i-doit-de', 'ralph', 'large', 'rvtools', 'azure-migrate'];

interface ManifestEntry {
  file: string;
  rows: number;
  sheets?: { sheet: string; rows: number }[];
}

const isThere = existsSync(join(FOLDER, 'MANIFEST.json'));
const manifest = isThere
  ? (JSON.parse(readFileSync(join(FOLDER, 'MANIFEST.json'), 'utf8')) as ManifestEntry[])
  : [];
const files = manifest.filter(({ file }) => FAMILIES.includes(file.split('/')[0] ?? ''));

describe('real inventories', () => {
  if (files.length === 0) {
    it.skip(`are not tried: there is no ${FOLDER}`, () => undefined);
    return;
  }

  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.stop());

  it.each(files)('$file has $rows rows, each with a fate after a run', async ({ file, rows, sheets }) => {
    const client = service.newClient();
    const created = await client.upload(file.split('/').at(-1) ?? file, readFileSync(join(FOLDER, file)));
    expect(created.status).toBe(201);
    const sheet = sheets?.find((candidate) => candidate.sheet === created.body.sheet);
    expect(created.body).toMatchObject({ status: 'processed', total_records: sheet?.rows ?? rows });

    const { body: flow } = await client.post('/discovery-flows', {
      flow_name: file,
      data_import_id: created.body.id,
    });
    const started = await client.post(`/discovery-flows/${flow.flow_id}/runs`);
    // What names no asset (tags, prices, connections) stays raw records, and the refusal says why.
    if (started.status === 409) {
      expect(started.body.detail).toMatch(/^No approved mapping gives assets a name/);
      return;
    }
    const run = await runEnd(client, flow.flow_id, started.body.id);
    expect(run.body).toMatchObject({
      status: 'completed',
      pending: 0,
      total_records: created.body.valid_records,
    });
    expect((await client.get('/health/wiring?verify=scan')).body.health_status).toBe('healthy');
  });

  it.each(files.flatMap(({ file, sheets = [] }) => sheets.map((sheet) => ({ file, ...sheet }))))(
    '$file, sheet $sheet, has $rows rows',
    async ({ file, sheet, rows }) => {
      const client = service.newClient();
      const query = `?sheet=${encodeURIComponent(sheet)}`;
      const created = await client.upload(file, readFileSync(join(FOLDER, file)), query);
      expect(created.body).toMatchObject({ sheet, total_records: rows });
    },
  );
});
