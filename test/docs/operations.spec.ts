import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { OperationsStage } from '../support/operations-stage';
import { missingLines, readRunbook } from '../support/runbook';
import { waitFor } from '../support/wait-for';

const ROOT = join(__dirname, '../..');
const RUNBOOK = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
const SECTIONS = readRunbook(RUNBOOK);
const START = 'What is up, in two minutes';
const PRELUDE = SECTIONS.find(({ title }) => title === START)!.blocks[0]!.text;

const hasTools = (() => {
  try {
    execFileSync('bash', ['-c', 'command -v curl']);
    return true;
  } catch {
    return false;
  }
})();

interface Scene {
  env?: NodeJS.ProcessEnv;
  /** Brings about what the section is about. */
  before?: (stage: OperationsStage) => unknown;
  /** What somebody else does meanwhile, before the n-th block of the section, from 0. */
  meanwhile?: Record<number, (stage: OperationsStage) => Promise<unknown>>;
}

/** An import of 30 rows, its flow, and a run over it that has begun. */
async function begin(stage: OperationsStage, options: object = {}, rows = 30): Promise<string> {
  const { flowId, importId } = await importAndFlow(stage.client, serversCsv(rows));
  const run = await stage.client.post(`/discovery-flows/${flowId}/runs`, options);
  expect(run.status).toBe(202);
  Object.assign(stage.vars, { flow: flowId, run: run.body.id, data_import: importId });
  return run.body.id as string;
}

async function assets(stage: OperationsStage): Promise<void> {
  const run = await begin(stage);
  await runEnd(stage.client, stage.vars.flow ?? '', run);
}

function become(stage: OperationsStage, status: string): Promise<unknown> {
  const { flow, run } = stage.vars;
  return waitFor(`the run to be ${status}`, async () => {
    const { body } = await stage.client.get(`/discovery-flows/${flow}/runs/${run}`);
    return body.status === status;
  });
}

/** A trigger that refuses an asset as a broken server would. */
async function refuseAsset(stage: OperationsStage, name: string, sqlstate: string): Promise<void> {
  await stage.sql.query(`
    CREATE FUNCTION migration.refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '${sqlstate}'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON migration.assets
      FOR EACH ROW WHEN (NEW.name = '${name}') EXECUTE FUNCTION migration.refuse()`);
}
const mend = (stage: OperationsStage) => stage.sql.query('DROP TRIGGER refuse ON migration.assets');

function blocked({ sql }: OperationsStage): Promise<unknown> {
  return waitFor('somebody to be blocked', async () => {
    const { rowCount } = await sql.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
    );
    return rowCount;
  });
}

const forgetMigration = (stage: OperationsStage) =>
  stage.sql.query(`
    DROP TABLE migration.wiring_health_history;
    DELETE FROM migration.typeorm_migrations WHERE name LIKE 'KeepHealthHistory%'`);

const breakLinks = async (stage: OperationsStage) => {
  await assets(stage);
  await stage.dropKeys();
  await stage.sql.query(`UPDATE migration.raw_import_records SET asset_id = NULL WHERE row_number IN (3, 4)`);
};

/** Whoever starts a run over this flow waits for the neighbour. */
const holdFlow = async (stage: OperationsStage) => {
  const { flowId } = await importAndFlow(stage.client, serversCsv(30));
  await stage.neighbour(`SELECT FROM migration.discovery_flows WHERE flow_id = '${flowId}' FOR UPDATE`);
  for (let i = 0; i < 10; i++)
    void stage.client.post(`/discovery-flows/${flowId}/runs`).catch(() => undefined);
  await waitFor('the pool to be used up', async () => {
    const { rowCount } = await stage.sql.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
          AND application_name = 'discovery-wiring'`,
    );
    return rowCount === 10;
  });
};

const SCENES: Record<string, Scene> = {
  'The wiring is unhealthy': {
    before: async (stage) => {
      await breakLinks(stage);
      await stage.sql.query(`UPDATE migration.assets SET discovery_flow_id = NULL WHERE name = 'web-9'`);
      await stage.run('node dist/scripts/rollback-wiring-constraints.js --add');
    },
  },
  'The wiring is degraded': { before: (stage) => importAndFlow(stage.client, serversCsv(30)) },
  'The health is unknown or slow': {
    before: (stage) => stage.neighbour('LOCK TABLE migration.assets IN ACCESS EXCLUSIVE MODE'),
  },
  'Not ready': { before: forgetMigration },
  'The database is down or fails over': {
    before: ({ proxy }) => {
      proxy.cut();
    },
    meanwhile: { 2: comeBack },
  },
  'The disk of the database is full': {
    before: async (stage) => {
      await refuseAsset(stage, 'web-15', '53100');
      await begin(stage, { chunk_size: 10 });
      await become(stage, 'paused');
    },
    meanwhile: { 4: mend },
  },
  'A run does not move': {
    before: async (stage) => {
      await importAndFlow(stage.client, serversCsv(30));
      await stage.neighbour('LOCK TABLE migration.assets IN SHARE MODE');
      await begin(stage);
      await blocked(stage);
    },
    // It tries anew from time to time.
    meanwhile: { 2: blocked },
  },
  'A run has failed': {
    before: async (stage) => {
      await refuseAsset(stage, 'web-15', '55000');
      await begin(stage, { chunk_size: 10 });
      await become(stage, 'failed');
    },
    meanwhile: { 1: mend },
  },
  'No connection is free': { before: holdFlow },
  'A migration hangs or was killed': {
    before: async (stage) => {
      await stage.neighbour('SELECT pg_advisory_lock(7301864221002)');
      await stage.sql.query(
        `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'migration.idx_assets_tenant_raw_import'::regclass`,
      );
    },
  },
  'A wiring key is missing or not valid': {
    before: async (stage) => {
      await stage.run(
        'node dist/scripts/rollback-wiring-constraints.js; node dist/scripts/rollback-wiring-constraints.js --add',
      );
      await stage.run('node dist/scripts/rollback-wiring-constraints.js --only fk_assets_discovery_flow');
    },
  },
  'The rollback is blocked': {
    before: (stage) => stage.neighbour('LOCK TABLE migration.assets IN ROW EXCLUSIVE MODE'),
  },
  'Validate finds violations': {
    before: async (stage) => {
      await breakLinks(stage);
      await stage.run('node dist/scripts/rollback-wiring-constraints.js --reapply');
    },
  },
  'The backfill': {
    before: async (stage) => {
      await assets(stage);
      await stage.dropKeys();
      await stage.sql.query(`UPDATE migration.raw_import_records SET asset_id = NULL WHERE row_number <= 20`);
      // As a process leaves it that was killed between two batches.
      await stage.sql.query(`
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.applied > 7 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER die BEFORE UPDATE ON migration.link_repairs FOR EACH ROW EXECUTE FUNCTION die()`);
      const killed = await stage.run(`
        hash=$(node dist/scripts/backfill-discovery-wiring.js | sed -n 's/^Plan hash: //p')
        node dist/scripts/backfill-discovery-wiring.js --apply "$hash" --batch-size 7`);
      expect(killed.code).toBe(1);
      await stage.sql.query('DROP TRIGGER die ON migration.link_repairs');
    },
  },
  'Repair over HTTP': {
    before: async (stage) => {
      await breakLinks(stage);
      await stage.sql.query(
        `UPDATE migration.assets SET raw_import_records_id = gen_random_uuid() WHERE name = 'web-9'`,
      );
    },
  },
  'A tenant sees foreign data': {
    before: async (stage) => {
      await assets(stage);
      const { rows } = await stage.sql.query<{ id: string }>(
        `SELECT id FROM migration.assets WHERE name = 'web-1'`,
      );
      stage.vars.asset = rows[0]!.id;
    },
  },
  'Tokens are refused': { before: (stage) => stage.issuer.rotate() },
  'Too many requests': {
    env: { RATE_LIMIT_PER_MINUTE: '5' },
    before: async ({ client }) => {
      for (let i = 0; i < 5; i++) await client.get('/data-imports');
    },
  },
  'Uploads fail': {
    before: async ({ client }) => {
      expect((await client.upload('broken.json', '[{"Hostname": ')).status).toBe(422);
    },
  },
  'The service was killed': {
    before: async (stage) => {
      await begin(stage, { chunk_size: 10 }, 2_000);
      await waitFor('a chunk', async () => {
        const { flow, run } = stage.vars;
        return (await stage.client.get(`/discovery-flows/${flow}/runs/${run}`)).body.chunks_done > 0;
      });
      await stage.service.kill();
      await stage.bench.allGone();
      // As if its time had passed.
      await stage.sql.query(`UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 s'`);
      await stage.start();
    },
  },
};

const PRODUCTION = { NODE_ENV: 'production' };

/** What makes the service say so, by how its line begins. @returns settings. */
const REFUSALS: Record<string, (stage: OperationsStage) => Promise<NodeJS.ProcessEnv> | NodeJS.ProcessEnv> = {
  'AUTH_MODE: headers': () => ({ ...PRODUCTION, AUTH_MODE: 'headers' }),
  'JWT_JWKS_URL or': () => ({ JWT_JWKS_URL: '' }),
  'JWT_JWKS_URL: must': () => ({ JWT_JWKS_URL: 'http://issuer.example/keys' }),
  JWT_JWKS_FILE: () => ({ JWT_JWKS_URL: '', JWT_JWKS_FILE: '/there-is-none.json' }),
  ASSET_BATCH_CHUNK_SIZE: () => ({ ASSET_BATCH_CHUNK_SIZE: '9' }),
  'DATABASE_URL: must': () => ({ DATABASE_URL: 'mysql://localhost' }),
  'The database … does not listen': () => ({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/db' }),
  'The database … does not exist': ({ bench }) => ({ DATABASE_URL: `${bench.databaseUrl}_there_is_none` }),
  'The schema is': async (stage) => {
    await forgetMigration(stage);
    return {};
  },
  'DATABASE_URL: … may not become': async (stage) => {
    const { url, drop } = await nobody(stage);
    stage.atEnd(drop);
    return { DATABASE_URL: url };
  },
  'The role discovery_wiring_service owns': async ({ sql }) => {
    await sql.query('ALTER TABLE migration.audit_events OWNER TO discovery_wiring_service');
    return {};
  },
  'Row-level security is off': async ({ sql }) => {
    await sql.query('ALTER TABLE migration.assets DISABLE ROW LEVEL SECURITY');
    return {};
  },
  PORT: ({ service }) => ({ PORT: new URL(service.origin).port }),
};

/** A login of its own that is a member of nothing. */
async function nobody({
  sql,
  bench,
}: OperationsStage): Promise<{ url: string; drop: () => Promise<unknown> }> {
  const login = `test_nobody_${process.pid}`;
  await sql.query(`CREATE ROLE ${login} LOGIN PASSWORD 'secret'`);
  const url = new URL(bench.databaseUrl);
  [url.username, url.password] = [login, 'secret'];
  return { url: url.href, drop: () => sql.query(`DROP ROLE ${login}`) };
}

function comeBack(stage: OperationsStage): Promise<unknown> {
  stage.proxy.mend();
  return waitFor('readiness', async () => (await stage.client.get('/health/ready')).status === 200);
}

const CHANGES = /pg_(terminate|cancel)_backend/;
const commandsOf = ({ blocks }: (typeof SECTIONS)[number]) =>
  blocks.filter((block) => ['sh', 'sql'].includes(block.language) && block.text !== PRELUDE);

(hasTools ? describe : describe.skip)('every command of docs/operations.md (needs bash and curl)', () => {
  const tried = SECTIONS.filter((section) => commandsOf(section).length > 0);

  it.each(tried.map((section) => [section.title, section] as const))('%s', async (title, section) => {
    const { env = {}, before, meanwhile = {} } = SCENES[title] ?? {};
    const stage = await OperationsStage.open(PRELUDE, env);
    try {
      await before?.(stage);
      for (const [at, { language, text, expected }] of commandsOf(section).entries()) {
        await meanwhile[at]?.(stage);
        const ask = async () =>
          language === 'sql' ? { code: 0, output: await stage.query(text) } : await stage.run(text);
        let answer = await ask();
        const isThere = () => missingLines(expected, answer.output).length === 0;
        // What waits gives up and tries anew, and a look between the two sees nobody waiting.
        if (language === 'sql' && text.startsWith('SELECT') && !CHANGES.test(text) && !isThere()) {
          await waitFor(text, async () => ((answer = await ask()), isThere())).catch(() => undefined);
        }
        const { code, output } = answer;
        const meant = Number(/# exit (\d)/.exec(text)?.[1] ?? 0);
        expect({ text, code, output, missing: missingLines(expected, output) }).toEqual({
          text,
          code: meant,
          output,
          missing: [],
        });
      }
    } finally {
      await stage.close();
    }
  });

  /** A server that asks for passwords has start-up.spec, and a role of the server is everybody's. */
  const elsewhere = /28P01|gets round row-level security/;
  const refusals = SECTIONS.find(({ title }) => title === 'The service does not start')!
    .cells.map(([cell = '']) => cell.replaceAll('`', ''))
    .filter((line) => line !== 'line' && !elsewhere.test(line));
  it.each(refusals)('is refused: %s', async (line) => {
    const [, bring] = Object.entries(REFUSALS).find(([begin]) => line.startsWith(begin)) ?? [];
    if (!bring) throw new Error('nobody has tried that');
    const stage = await OperationsStage.open(PRELUDE, {});
    try {
      const start = stage.start(await bring(stage));
      const said = await start.then(
        () => 'it has started',
        (error: unknown) => (error as Error).message,
      );
      expect({ said, missing: missingLines([line], said) }).toEqual({ said, missing: [] });
    } finally {
      await stage.close();
    }
  });

  it('is right that a schema may be newer than the service', async () => {
    const stage = await OperationsStage.open(PRELUDE, {});
    try {
      await stage.sql.query(
        `INSERT INTO migration.typeorm_migrations (timestamp, name) VALUES (1999000000000, 'FromTheFuture1999000000000')`,
      );
      await stage.start();
      expect((await stage.client.get('/health/ready')).status).toBe(200);
    } finally {
      await stage.close();
    }
  });

  it('is right about what the log says of keys that cannot be fetched', async () => {
    const stage = await OperationsStage.open(PRELUDE, {});
    try {
      stage.issuer.status = 500;
      expect((await stage.client.get('/data-imports')).status).toBe(503);
      await waitFor('the reason in the log', () =>
        /"msg":"The keys that tokens are verified with cannot be fetched now/.test(stage.service.output()),
      );
      expect(stage.service.output()).toContain('Expected 200 OK from the JSON Web Key Set');
    } finally {
      await stage.close();
    }
  });

  it('knows every scene by the title of its section', () => {
    expect(Object.keys(SCENES).filter((title) => !tried.some((section) => section.title === title))).toEqual(
      [],
    );
  });
});

describe('docs/operations.md', () => {
  const sources = ['src', 'scripts', 'migrations']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');

  it('quotes lines of the log as the service writes them', () => {
    const messages = SECTIONS.flatMap(({ blocks }) => blocks)
      .filter(({ language }) => language === 'log')
      .flatMap(({ text }) =>
        text.split('\n').map((line) => JSON.parse(line.replace('"msg":', '')) as string),
      );
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.filter((message) => !sources.includes(`'${message}'`))).toEqual([]);
  });

  it('names options that there are', () => {
    const options = [...RUNBOOK.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([, name]) => name);
    const known = /'?([a-z-]+)'?: \{ type: '(?:boolean|string)' \}/g;
    const names = new Set([...sources.matchAll(known)].map(([, name]) => name));
    expect(options.filter((name) => !names.has(name) && name !== 'data-binary')).toEqual([]);
  });

  it('leads from each alarm to a section that there is', () => {
    const anchors = new Set(
      SECTIONS.map(({ title }) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(25);
    expect(links.filter((anchor) => !anchors.has(anchor ?? ''))).toEqual([]);
  });
});
