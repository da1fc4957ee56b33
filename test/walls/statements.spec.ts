import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tenant } from '../../src/tenancy/tenant';
import { ApiClient } from '../support/api-client';
import { startTestService, type TestService } from '../support/test-service';
import { sendDirectly } from './direct';
import { lintStatement } from './lint-statement';
import { replay, type Replay, strip, tenantParameters } from './replay';
import { type Recorded, StatementRecorder } from './statement-recorder';
import { walk } from './walk';

const SRC = join(__dirname, '../../src');
/** What sends a statement, wherever it stands. */
const SENDS = /\.(rows|preparedTexts|execute|findOne|copy|control)(<|\()|dataSource\.query(<|\()/;
/** It hands statements on, and has none that is about a tenant's rows. */
const HANDS_ON = 'src/database/tenant-database.ts';
/** COPY has no predicates: each row has the tenant of the transaction, and a role that can read nothing sends it. */
const COPIES = 'src/raw-imports/queries/copy-raw-records.ts';

const normalised = (sql: string) => sql.replace(/\s+/g, ' ').trim();

describe('the statements of the service', () => {
  const recorder = new StatementRecorder();
  let service: TestService;
  let tenantTables: Set<string>;
  /** Each statement of the first walk that is about rows of tenants, with each list of values that it had. */
  let statements: Recorded[];
  let a: Tenant;
  /** Another engagement of the same client, and another client, with the same data as the first. */
  let others: Tenant[];

  beforeAll(async () => {
    service = await startTestService();
    const { rows } = await service.sql.query<{ name: string }>(
      `SELECT polrelid::regclass::text AS name FROM pg_policy WHERE polname = 'tenant_wall'`,
    );
    tenantTables = new Set(rows.map(({ name }) => name.replace('migration.', '')));
    const first = service.newClient();
    const sister = new ApiClient(service.origin, { ...first.tenant, engagement_id: randomUUID() });
    const stranger = service.newClient();
    a = first.tenant;
    others = [sister.tenant, stranger.tenant];
    recorder.install();
    try {
      await sendDirectly(service, a, await walk(service, first));
    } finally {
      recorder.uninstall();
    }
    for (const client of [sister, stranger]) await walk(service, client);
    const mentions = new RegExp(`\\bmigration"?\\."?(${[...tenantTables].join('|')}|find_assets_by_\\w+)\\b`);
    statements = recorder.statements.filter(({ sql, file }) => mentions.test(sql) && file !== COPIES);
  }, 60_000);
  afterAll(() => service.stop());

  it('are all sent by the walk, which is how the other tests know them', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('.spec'))
      .map((file) => `src/${file}`)
      .filter((file) => file !== HANDS_ON && SENDS.test(readFileSync(join(SRC, '..', file), 'utf8')));
    const sent = new Set(recorder.statements.map(({ file }) => file));
    expect(files.length).toBeGreaterThan(80);
    expect(files.filter((file) => !sent.has(file))).toEqual([]);
  });

  it('are those that were looked at: `npm run sql:snapshot` takes new ones over', () => {
    const byFile = new Map<string, Set<string>>();
    for (const { file, sql } of recorder.statements) {
      // What begins and ends a transaction names its tenant, which is another each time.
      if (file === HANDS_ON || /^(START|SET|COMMIT|ROLLBACK)\b/.test(sql)) continue;
      byFile.set(file, (byFile.get(file) ?? new Set()).add(normalised(sql)));
    }
    const files = [...byFile].sort(([one], [two]) => (one < two ? -1 : 1));
    expect(
      files.map(([file, sent]) => [`-- ${file}`, ...[...sent].sort()].join('\n')).join('\n\n'),
    ).toMatchSnapshot();
  });

  it('name their tenant on every table that has tenants', async () => {
    const wrong: string[] = [];
    for (const sql of new Set(statements.map((statement) => statement.sql))) {
      const problems = await lintStatement(sql, tenantTables, tenantParameters(sql));
      wrong.push(...problems.map((problem) => `${problem}: ${normalised(sql)}`));
    }
    expect(wrong).toEqual([]);
  });

  /** Every statement, with each of its lists of values, as it ends for each of the other tenants. */
  async function replayAll(how: (other: Tenant) => Replay, only: Recorded[]): Promise<Map<string, string>> {
    const ends = new Map<string, string>();
    for (const other of others) {
      for (const [i, statement] of only.entries()) {
        // A client's ids are its own: a row of the sister would collide with the one that has its id already.
        if (/^\s*(WITH\b[^]*?)?INSERT\b/.test(statement.sql) && other === others[0]) continue;
        const end = await replay(service.sql, statement, how(other));
        ends.set(`${other === others[0] ? 'sister' : 'stranger'} ${i} ${normalised(statement.sql)}`, end);
      }
    }
    return ends;
  }
  const differing = (is: Map<string, string>, expected: Map<string, string>) =>
    [...is].filter(([statement, end]) => end !== expected.get(statement)).map(([statement]) => statement);

  it('show and change nothing of another tenant, by their predicates alone, by the policies alone, by neither', async () => {
    const reading = statements.filter(({ sql }) => !/\bINSERT\b/.test(sql));
    const own = (other: Tenant) => ({ named: other, bound: other });
    const walls = {
      both: await replayAll((other) => ({ ...own(other), secured: true, stripped: false }), statements),
      predicates: await replayAll(
        (other) => ({ ...own(other), secured: false, stripped: false }),
        statements,
      ),
      policies: await replayAll((other) => ({ ...own(other), secured: true, stripped: true }), statements),
      none: await replayAll((other) => ({ ...own(other), secured: false, stripped: true }), statements),
    };
    const mistaken = await replayAll(
      (other) => ({ named: other, bound: a, secured: true, stripped: false }),
      reading,
    );

    // What each statement answers a tenant in a world without the first one.
    await service.sql.query(`SET session_replication_role = replica`);
    for (const table of tenantTables) {
      await service.sql.query(
        `DELETE FROM migration.${table} WHERE client_account_id = $1 AND engagement_id = $2`,
        [a.client_account_id, a.engagement_id],
      );
    }
    await service.sql.query(`SET session_replication_role = origin`);
    const alone = await replayAll(
      (other) => ({ ...own(other), secured: false, stripped: false }),
      statements,
    );
    const nobody = await replayAll(
      (other) => ({ named: other, bound: a, secured: true, stripped: false }),
      reading,
    );

    expect(differing(walls.both, alone)).toEqual([]);
    expect(differing(walls.predicates, alone)).toEqual([]);
    expect(differing(walls.policies, alone)).toEqual([]);
    // A statement that was given another tenant than its transaction.
    expect(differing(mistaken, nobody)).toEqual([]);
    // And were there neither, it would be seen: most statements then answer with rows of the first tenant.
    const seen = new Set(differing(walls.none, alone).map((statement) => statement.replace(/^\w+ \d+ /, '')));
    const distinct = new Set(statements.map(({ sql }) => normalised(sql)));
    expect(seen.size / distinct.size).toBeGreaterThan(0.5);
  }, 120_000);

  it('lose every tenant predicate when they are stripped, or the test above would prove nothing', () => {
    for (const { sql } of statements) {
      expect(strip(sql)).not.toMatch(/(client_account_id|engagement_id)"? (=|IN|IS)/);
    }
  });
});
