import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '../support/api-client';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const RVTOOLS = [
  'VM,Powerstate,CPUs,Memory,Provisioned MiB,Host,Cluster,Datacenter',
  'web-01,poweredOn,2,512,10240,esx-01,c1,fra',
  'web-02,poweredOff,1,256,20480,esx-02,c1,fra',
  '',
].join('\n');

const OWN = {
  source: 'our-cmdb',
  title: 'Our own',
  recognised_by: [{ all: ['Kennung'], some: ['Wert', 'Gruppe'], at_least: 1 }],
  fields: { name: ['Kennung'], description: ['Wert'] },
};

interface Suggestion {
  source_field: string;
  target_field: string;
  match_type: string;
  evidence: string[];
}

describe('sources', () => {
  let service: TestService;
  let client: ApiClient;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'profiles-'));
    await writeFile(join(directory, 'our-cmdb.json'), JSON.stringify(OWN));
    service = await startTestService({ SOURCE_PROFILES_DIR: directory });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(async () => {
    await service.stop();
    await rm(directory, { recursive: true });
  });

  const post = (query: string, body: string) =>
    client.send('POST', `/data-imports?filename=a.csv${query}`, body, { 'content-type': 'text/csv' });

  it('are recognised, and tell what a column holds and in which unit', async () => {
    const { body } = await post('', RVTOOLS);
    expect(body.source).toBe('rvtools-vinfo');
    const suggested = body.suggested_field_mappings as Suggestion[];
    expect(suggested.find(({ source_field }) => source_field === 'Memory')).toMatchObject({
      target_field: 'memory_gb',
      match_type: 'profile',
      evidence: ['profile rvtools-vinfo', '2 of 2 cells are amounts of memory'],
    });
    expect(suggested.map(({ source_field }) => source_field)).not.toContain('Host');

    const flow = await client.post('/discovery-flows', { flow_name: 'f', data_import_id: body.id });
    const runs = `/discovery-flows/${String(flow.body.flow_id)}/runs`;
    const preview = await client.post(runs, { dry_run: true });
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({
      samples: { created: [{ name: 'web-01', asset_type: 'virtual_machine' }, { name: 'web-02' }] },
    });
  });

  it('are generic where nothing is recognised', async () => {
    expect((await post('', 'Hostname,IP\nweb-01,10.0.0.1\n')).body.source).toBe('generic');
  });

  it("can be a user's own", async () => {
    const { body } = await post('', 'Kennung,Wert\na,b\n');
    expect(body).toMatchObject({
      source: 'our-cmdb',
      suggested_field_mappings: [
        { source_field: 'Kennung', target_field: 'name', match_type: 'profile' },
        { source_field: 'Wert', target_field: 'description', match_type: 'profile' },
      ],
    });
  });

  it('can be overridden, which makes another import of the same bytes', async () => {
    const recognised = await post('', RVTOOLS);
    const overridden = await post('&source=generic', RVTOOLS);
    expect(overridden).toMatchObject({ status: 201, body: { source: 'generic', duplicate: false } });
    expect(overridden.body.id).not.toBe(recognised.body.id);
    expect((await post('&source=generic', RVTOOLS)).body).toMatchObject({
      id: overridden.body.id,
      duplicate: true,
    });
    expect((await post('', RVTOOLS)).body).toMatchObject({ id: recognised.body.id, duplicate: true });
  });

  it('that are not known are refused, naming those that are', async () => {
    const response = await post('&source=excel', RVTOOLS);
    expectProblem(response, 400, ['source']);
    expect(JSON.stringify(response.body)).toContain('our-cmdb, ralph');
    expect((await client.get('/data-imports')).body.data).toEqual([]);
  });
});
