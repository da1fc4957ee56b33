import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { WIRING_KEYS } from '../../src/database/wiring-keys';
import type { ApiClient } from '../support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { dropWiringKeys } from '../support/wiring';

const ROOT = join(__dirname, '../..');

const hasTools = (() => {
  try {
    execFileSync('bash', ['-c', 'command -v curl grep cut tee']);
    return true;
  } catch {
    return false;
  }
})();

interface Section {
  sh: string[];
  sql: string[];
}

describe('the runbook', () => {
  const sections = new Map<string, Section>();
  const tried = new Set<string>();
  let service: TestService;
  let client: ApiClient;
  let directory: string;
  let run: { flow: string; run: string };

  beforeAll(async () => {
    const text = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
    for (const section of text.split(/^## /m).slice(1)) {
      const blocks = [...section.matchAll(/```(sh|sql)\n([^]*?)```/g)];
      const of = (kind: string) => blocks.filter(([, is]) => is === kind).map(([, , body]) => body!);
      sections.set(section.split('\n', 1)[0]!, { sh: of('sh'), sql: of('sql') });
    }
  });
  beforeEach(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    directory = await mkdtemp(join(tmpdir(), 'runbook-'));
    client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(20));
    run = { flow: flowId, run: (await runToEnd(client, flowId)).body.id };
  });
  afterEach(async () => {
    await service.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs all commands of the section as they stand there, each of which has to end as the runbook says. */
  async function follow(title: string): Promise<string> {
    tried.add(title);
    const { sh } = sections.get(title)!;
    const [begin] = sections.get('Before you begin')!.sh;
    const { client_account_id, engagement_id } = client.tenant;
    const prepared = begin!
      .replace('postgres://owner@db/wiring', service.databaseUrl)
      .replace('http://127.0.0.1:3000', service.origin)
      .replace('11111111-1111-4111-8111-111111111111', client_account_id)
      .replace('22222222-2222-4222-8222-222222222222', engagement_id);
    const commands = sh
      .filter((block) => block !== begin)
      .join('\n')
      // The package's own, as on the machine where they are typed; the files that are kept go elsewhere.
      .replaceAll('npx ts-node scripts/', `node -r ts-node/register/transpile-only scripts/`)
      .replaceAll(/\b(plan\.json|backfill\.txt|applied\.txt)\b/g, (name) => join(directory, name))
      .replaceAll(
        /^(.*?) +# exit (\d)$/gm,
        (_, command: string, code: string) => `code=0; ${command} || code=$?; test $code -eq ${code}`,
      );
    const script = `set -euo pipefail\n${prepared}flow=${run.flow}\nrun=${run.run}\n${commands}`;
    return new Promise((resolve, reject) => {
      execFile('bash', ['-c', script], { cwd: ROOT }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${title}: ${stdout}\n${stderr}`));
        // An answer that refuses is one only where the state forbids it, not what was asked.
        else if (/"status":(400|401|404|415|422|5\d\d)[,}]/.test(stdout)) reject(new Error(stdout));
        else resolve(stdout + stderr);
      });
    });
  }

  async function ask(title: string): Promise<object[]> {
    const { sql } = sections.get(title)!;
    const found: object[] = [];
    for (const statements of sql) {
      for (const statement of statements.split(/;$/m).filter((text) => text.trim() !== ''))
        found.push(...(await service.sql.query<object>(statement)).rows);
    }
    return found;
  }

  const keysLeft = async () =>
    (
      await service.sql.query('SELECT FROM pg_constraint WHERE conname = ANY ($1) AND convalidated', [
        WIRING_KEYS.map(({ name }) => name),
      ])
    ).rowCount;

  async function breakLinks(): Promise<void> {
    await dropWiringKeys(service.sql);
    await service.sql.query(
      `UPDATE migration.assets SET raw_import_records_id = gen_random_uuid() WHERE name IN ('web-1', 'web-2')`,
    );
  }

  const withTools = hasTools ? it : it.skip;

  withTools('has two minutes of looking that work (needs bash and curl)', async () => {
    const shown = await follow('Before you begin');
    expect(shown).toMatch(/"status":"live"[^]*"status":"ready"[^]*"health_status":"healthy"/);
    expect(shown).toContain('[X] CreateTables1764000000000');
    expect(shown).toMatch(/fk_assets_discovery_flow +valid +0 violations/);
  });

  withTools('says how to see that the service is not ready, and who holds what', async () => {
    expect(await follow('Not ready')).toContain('"database":"up"');
    expect(await ask('503')).toEqual(expect.any(Array));
    expect(await ask('Disk full')).toContainEqual(expect.objectContaining({ relname: 'assets' }));
  });

  withTools('mends links that are broken, and takes it back', async () => {
    await breakLinks();
    const shown = await follow('Links are broken');
    expect(shown).toMatch(/"health_status":"unhealthy"[^]*event: end[^]*"health_status":"healthy"/);
    expect(shown).toContain('"status":"undoing"');
  });

  withTools('fills in what is missing everywhere, and takes it back', async () => {
    await dropWiringKeys(service.sql);
    await service.sql.query('UPDATE migration.raw_import_records SET asset_id = NULL');
    const shown = await follow('Links are missing in many tenants');
    expect(shown).toMatch(/Plan hash: [0-9a-f]{64}[^]*20 rows written[^]*20 rows put back/);
  });

  withTools('steers a run', async () => {
    const shown = await follow('A run');
    expect(shown).toContain('"status":"completed"');
  });

  withTools('lets the keys go, and brings them back', async () => {
    expect(await keysLeft()).toBe(6);
    await follow('The keys have to go');
    expect(await keysLeft()).toBe(0);
    await follow('The keys come back');
    expect(await keysLeft()).toBe(6);
  });

  withTools('gets past a session that sleeps on a lock', async () => {
    const sleeper = new Client({ connectionString: service.databaseUrl });
    sleeper.on('error', () => undefined);
    await sleeper.connect();
    await sleeper.query('BEGIN; SELECT FROM migration.assets');
    const shown = await follow('The rollback is blocked');
    await sleeper.end();
    expect(shown).toMatch(/In the way:\n {2}pid \d+/);
    expect(await keysLeft()).toBe(0);
  });

  withTools('names the tenants whose links a key would refuse', async () => {
    await breakLinks();
    expect(await ask('The keys come back')).toEqual([client.tenant]);
  });

  withTools('migrates, also after a restore', async () => {
    expect(await follow('Migrations')).toContain('up to date');
    expect(await follow('After a restore')).toMatch(/"status":"ready"[^]*"health_status":"healthy"/);
  });

  withTools('shows whether the walls stand, and who did what', async () => {
    expect(await ask('Foreign data')).toEqual([]);
    expect(await follow('Foreign data')).toContain('"action":"run.started"');
    await service.sql.query('ALTER TABLE migration.assets NO FORCE ROW LEVEL SECURITY');
    expect(await ask('Foreign data')).toEqual([{ relname: 'assets' }]);
  });

  withTools('has no command that was not tried', () => {
    const withCommands = [...sections].filter(([, { sh }]) => sh.length > 0).map(([title]) => title);
    expect([...tried].sort()).toEqual(withCommands.sort());
  });

  it('has a section for every alarm, and every link of it leads somewhere', async () => {
    const text = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
    const anchors = [...sections.keys()].map((title) => `#${title.toLowerCase().replaceAll(' ', '-')}`);
    const links = [...text.matchAll(/\]\((#[^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(15);
    for (const link of links) expect(anchors).toContain(link);
  });
});
