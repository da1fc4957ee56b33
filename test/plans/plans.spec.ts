import { type Explained, explain } from './explain';
import { ACCEPTED_PROBLEMS } from './accepted-problems';
import { planText } from './plan-text';
import type { PlannedStatement } from './planned-statements';
import { problemsOf } from './problems-of';
import { readPlanFiles } from './read-plan-files';
import { type GrownService, startGrownService } from './start-grown-service';
import { writePlanFiles } from './write-plan-files';

/** Of the embedded server; another version may have other healthy plans. */
const VERSION_OF_PLANS = 18;

const normalised = (sql: string) => sql.replace(/\s+/g, ' ').trim();
const problemsIn = ({ planned, carriedOut }: Explained, largeTables: ReadonlySet<string>) => [
  ...new Set([planned, carriedOut].flatMap((root) => (root ? problemsOf(root, largeTables) : []))),
];

describe('the plans of the statements, for a tenant with 200,000 assets', () => {
  let grown: GrownService;
  let version: number;

  beforeAll(async () => {
    grown = await startGrownService();
    const { rows } = await grown.service.sql.query<{ major: number }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS major`,
    );
    version = rows[0]!.major;
  }, 120_000);
  afterAll(() => grown.service.stop());

  const explained = (statement: PlannedStatement, carryOut: boolean, first?: string) =>
    explain(grown.service.sql, grown.tenant, statement, { carryOut, first }).catch((cause: unknown) => {
      throw new Error(`${statement.file}: ${normalised(statement.sql)}`, { cause });
    });

  it('are those that stand beside their queries: `npm run plans:snapshot` takes new ones over', async () => {
    const blocks = new Map<string, Map<string, string>>();
    for (const statement of grown.statements) {
      const { text } = await explained(statement, false);
      const path = statement.file.replace(/\.ts$/, '.plan');
      const ofFile = blocks.get(path) ?? new Map<string, string>();
      ofFile.set(planText(statement, text), normalised(statement.sql));
      blocks.set(path, ofFile);
    }
    const plans = new Map(
      [...blocks].map(([path, ofFile]) => {
        const inOrder = [...ofFile].sort(([, one], [, two]) => (one < two ? -1 : 1));
        return [path, inOrder.map(([block]) => block).join('\n')];
      }),
    );
    if (version !== VERSION_OF_PLANS) return;
    if (process.env.UPDATE_PLANS) writePlanFiles(plans);
    expect(Object.fromEntries(plans)).toEqual(Object.fromEntries(readPlanFiles()));
  }, 60_000);

  it('neither scan a table nor read, sort or hash a large part of the tenant, but for those that must', async () => {
    const found = new Map<string, string>();
    for (const statement of grown.statements) {
      for (const problem of problemsIn(await explained(statement, true), grown.largeTables)) {
        found.set(`${statement.file}: ${problem}`, normalised(statement.sql));
      }
    }
    const accepted = new Set(
      ACCEPTED_PROBLEMS.flatMap(({ files, problems }) =>
        files.flatMap((file) => problems.map((problem) => `${file}: ${problem}`)),
      ),
    );
    expect(Object.fromEntries([...found].filter(([problem]) => !accepted.has(problem)))).toEqual({});
    // And none is accepted that is no more.
    if (version === VERSION_OF_PLANS)
      expect([...accepted].filter((problem) => !found.has(problem))).toEqual([]);
  }, 60_000);

  it.each([
    ['DROP INDEX migration.idx_assets_page', 'src/assets/queries/list-assets.ts', 'sort of many rows'],
    [
      'DROP INDEX migration.uq_raw_import_records_row',
      'src/discovery-flows/queries/find-rows-by-number.ts',
      'reads many rows of raw_import_records',
    ],
    [
      'ALTER TABLE migration.audit_events DROP CONSTRAINT pk_audit_events; DROP INDEX migration.idx_audit_events_tenant_at',
      'src/audit/queries/list-audit-events.ts',
      'seq scan of audit_events',
    ],
  ])('are found out after %s', async (damage, file, problem) => {
    const problems: string[] = [];
    for (const statement of grown.statements.filter((each) => each.file === file)) {
      problems.push(...problemsIn(await explained(statement, true, damage), grown.largeTables));
    }
    expect(problems).toContain(problem);
  });
});
