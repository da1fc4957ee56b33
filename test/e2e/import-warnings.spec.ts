import type { ApiClient } from '../support/api-client';
import { serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';

describe('warnings of an import', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  async function warningsOf(content: string, query = '', name = 'a.csv') {
    const { status, body } = await client.upload(name, content, query);
    expect(status).toBe(201);
    expect((await client.get('/data-imports')).body.data[0].warnings).toEqual(body.warnings);
    return body.warnings as { code: string; message: string }[];
  }

  it('a sound inventory has none', async () => {
    expect(await warningsOf(serversCsv(1500))).toEqual([]);
  });

  it.each([
    ['dependencies', 'source_id,destination_id,port\n1,2,443\n'],
    ['prices', 'Instance Type,Region,Price\nm5.large,eu-central-1,0.1\n'],
    ['findings', 'CVE,Severity,CVSS\nCVE-2024-1,high,9.8\n'],
  ])('a list of %s is imported, and has no column that names a machine', async (_what, csv) => {
    expect(await warningsOf(csv)).toEqual([
      { code: 'no_name_column', message: expect.stringMatching(/^No column is known to name a machine/) },
    ]);
  });

  it('a mapping that the tenant approved names the column', async () => {
    const { body } = await client.upload('a.csv', 'Blubb,x\na,b\n');
    const flow = { flow_name: 'x', data_import_id: body.id, field_mappings: { Blubb: 'hostname' } };
    await client.post('/discovery-flows', flow);
    expect(await warningsOf('Blubb,x\na,b\nA,d\n')).toEqual([
      {
        code: 'several_rows_per_machine',
        message: expect.stringContaining('One value of "Blubb" stands on 2 rows'),
      },
    ]);
  });

  it('a machine on several rows is said, with the parameter that makes one record of it', async () => {
    // Across batches, in any case, and without the cells that say nothing.
    const rows = Array.from({ length: 2400 }, (_, i) => `${i % 2 ? 'web' : 'WEB'}-${i % 1200},${i}\n`);
    const csv = `Server Name,Finding\n${rows.join('')}N/A,1\nN/A,2\n,3\n,4\n`;
    expect(await warningsOf(csv)).toEqual([
      {
        code: 'several_rows_per_machine',
        message:
          '1200 values of "Server Name" stand on 2400 rows; ?group_by=Server%20Name makes one record of each, or every ' +
          'further row becomes a duplicate or a conflict.',
      },
    ]);
    expect(await warningsOf(csv, '?group_by=Server%20Name')).toEqual([]);
  });

  it('identifiers that a spreadsheet has cut off are counted for each column, amounts are not', async () => {
    const csv = [
      'Hostname,Account ID,Seriennummer,Numéro de série,Size',
      'a,123456789012,9.13E+11,x,1E+3',
      'b,9.13E+11,"9,13E+11",1E+20,1E+3',
      'c,9.13E+11,ok,y,1E+3',
    ].join('\n');
    expect(await warningsOf(csv)).toEqual([
      {
        code: 'damaged_identifiers',
        message: expect.stringMatching(/^"Account ID" holds 2 numbers .* in row 2\./),
      },
      {
        code: 'damaged_identifiers',
        message:
          '"Seriennummer" holds 2 numbers that a spreadsheet has cut off, such as 9.13E+11 in row 1. ' +
          'Export this column as text and import the file again.',
      },
      {
        code: 'damaged_identifiers',
        message: expect.stringMatching(/^"Numéro de série" holds a number .* in row 2\./),
      },
    ]);
  });
});
