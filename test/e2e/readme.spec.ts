import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const TOUR = /```sh\n(api=[^]*?)```/.exec(README)?.[1] ?? '';

const REPAIR = /```sh\n(plan=[^]*?)```/.exec(README)?.[1] ?? '';

const hasTools = (() => {
  try {
    execFileSync('bash', ['-c', 'command -v curl']);
    return true;
  } catch {
    return false;
  }
})();

describe('the README', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.stop());

  (hasTools ? it : it.skip)('has five minutes that work as they stand (needs bash and curl)', async () => {
    const ends = `until curl -s "\${tenant[@]}" $api/discovery-flows/$flow/runs/$run | grep -q '"finished_at":"'; do :; done\n`;
    const script = TOUR.replace('http://127.0.0.1:3000', service.origin).replace('# 4.', `${ends}# 4.`);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT });
    expect(stdout).toMatch(/"health_status":"healthy"/);
    expect(stdout).toMatch(/row_number,column,value,error_code,message/);
  });

  (hasTools ? it : it.skip)('has a repair that works as it stands (needs bash and curl)', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(3));
    await runToEnd(client, flowId);
    const { client_account_id, engagement_id } = client.tenant;
    await service.sql.query(
      'UPDATE migration.assets SET discovery_flow_id = NULL WHERE client_account_id = $1',
      [client_account_id],
    );
    const [before] = TOUR.split('# 1.');
    const script = before!
      .replace('http://127.0.0.1:3000', service.origin)
      .replace('11111111-1111-4111-8111-111111111111', client_account_id)
      .replace('22222222-2222-4222-8222-222222222222', engagement_id);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script + REPAIR]);
    expect(stdout).toMatch(/event: end\nid: \S+\ndata: .*"status":"applied","planned":3,"applied":3/);
    expect(stdout).toMatch(/"status":"undoing"/);
  });

  it('names every setting with its default', () => {
    const settings = readFileSync(join(ROOT, 'src/config/settings.ts'), 'utf8');
    const names = [...settings.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(9);
    for (const name of names) expect(README).toContain(`\`${name}`);
  });

  it('names every npm script that a user calls', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const called = Object.keys(scripts).filter((name) => !/^(pre|format)/.test(name));
    for (const name of called) expect(README).toContain(name);
  });
});
