import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newTenant } from '../support/api-client';
import { startTestService } from '../support/test-service';

const TOKEN = join(__dirname, '../../dist/scripts/token.js');
const run = promisify(execFile);

describe('npm run token', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-token-'));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  const token = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [TOKEN, ...args], { env: { ...process.env, DATA_DIR: dataDir, ...env } });

  it('prints a token that the service takes when it is started as the command says', async () => {
    const { client_account_id, engagement_id } = newTenant();
    const { stdout, stderr } = await token(['--client', client_account_id, '--engagement', engagement_id]);
    const secret = await stat(join(dataDir, 'development-keys/secret.json'));
    expect(secret.mode & 0o777).toBe(0o600);
    const env = Object.fromEntries(
      [...stderr.matchAll(/(\w+)='?([^' ]+)'? /g)].map(([, name, value]) => [String(name), value]),
    );
    const service = await startTestService(env);
    try {
      const ask = (bearer: string, engagement = engagement_id) =>
        fetch(`${service.origin}/api/v1/data-imports`, {
          headers: {
            authorization: `Bearer ${bearer.trim()}`,
            'x-client-account-id': client_account_id,
            'x-engagement-id': engagement,
          },
        });
      expect((await ask(stdout)).status).toBe(200);
      expect((await ask(stdout, client_account_id)).status).toBe(403);
      // The key is kept: a later token is taken by the same service.
      const admin = await token(['--admin', '--scope', 'inventory:read']);
      expect((await ask(admin.stdout, client_account_id)).status).toBe(200);
    } finally {
      await service.stop();
    }
  });

  it.each([
    [['--client', 'x', '--engagement', '*'], '--client: must be a UUID'],
    [['--admin', '--client', 'x'], '--admin: goes with neither'],
    [['--admin', '--scope', 'everything'], `--scope: 'everything' is none of`],
    [['--admin', '--hours', '0'], '--hours: must be'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %s in one line', async (args, line) => {
    await expect(token(args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(line) });
  });

  it('makes none in production', async () => {
    await expect(token(['--admin'], { NODE_ENV: 'production' })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ask your identity provider'),
    });
  });
});
