import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../../scripts/client/api';
import { readExpectations } from '../../scripts/inventories/expectation';
import { mistakesOf } from '../../scripts/inventories/judge-suggestions';
import { listInventories } from '../../scripts/inventories/list-inventories';
import { totalsOf } from '../../scripts/inventories/totals';
import { type Trial, tryInventory } from '../../scripts/inventories/try-inventory';
import { newTenant } from '../support/api-client';
import { startTestService, type TestService } from '../support/test-service';

/** Inventories that companies and projects really exported; they are not part of this project. */
const FOLDER = join(__dirname, '../../../shared/data');

/** What we know that the suggestions do otherwise than a person, with the reason. */
const KNOWN: Partial<Record<string, string[]>> = {
  // Only the sheet's name says that the size is that of a memory.
  'rvtools/rvtools-small-complete.xlsx#vMemory': ['missed memory_gb: expected "Size MiB", found none'],
};

const expectations = readExpectations(join(__dirname, 'expected.json'));
const inventories = existsSync(FOLDER) ? listInventories(FOLDER, expectations) : [];

describe('what a person would map', () => {
  it('is said with one field a column and one column a field', () => {
    const doubled = Object.entries(expectations).flatMap(([name, { fields }]) => {
      const headers = Object.values(fields).flat();
      return headers
        .filter((header, at) => headers.indexOf(header) !== at)
        .map((header) => `${name}: ${header}`);
    });
    expect(doubled).toEqual([]);
  });

  it('is nowhere a mistake as well', () => {
    const both = Object.entries(expectations).flatMap(([name, { fields, optional, wrong }]) =>
      wrong
        .filter(([field, header]) => [fields, optional].some((columns) => columns[field]?.includes(header)))
        .map(([field, header]) => `${name}: ${field} from ${header}`),
    );
    expect(both).toEqual([]);
  });
});

describe('the real inventories', () => {
  if (inventories.length === 0) {
    it.skip(`are not tried: there is no ${FOLDER}`, () => undefined);
    return;
  }

  let service: TestService;
  const trials: Trial[] = [];

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.stop());

  it.each(inventories.map((inventory) => [inventory.name, inventory] as const))(
    '%s',
    async (name, inventory) => {
      const api = new Api(service.origin, newTenant(), new AbortController().signal);
      const trial = await tryInventory(api, inventory);
      trials.push(trial);
      const { expectation } = inventory;
      if (expectation === null) throw new Error(`expected.json does not say what ${name} means`);

      const { data_import } = trial;
      const { columns = [], source = null, sheet = null } = data_import ?? {};
      // All at once: who changes a rule wants to see all that it did.
      expect({
        rowsMet: trial.rowsMet,
        note: trial.rowsMet ? null : trial.note,
        mistakes: mistakesOf(trial.verdicts, expectation),
        headersNotThere: Object.values(expectation.fields)
          .flat()
          .filter((header) => !columns.includes(header)),
        source: expectation.source?.find((known) => known === source) ?? expectation.source?.[0] ?? source,
        sheet,
      }).toEqual({
        rowsMet: true,
        note: null,
        mistakes: KNOWN[name] ?? [],
        headersNotThere: [],
        source,
        sheet: expectation.sheet ?? sheet,
      });
    },
  );

  it('are understood as far as we promise: 95 % of the fields right, at most 2 % of the suggestions wrong', () => {
    expect(trials).toHaveLength(inventories.length);
    const totals = totalsOf(trials);
    expect(totals.rowsMet).toBe(totals.counted);
    expect(totals.rightShare).toBeGreaterThanOrEqual(0.95);
    expect(totals.wrongShare).toBeLessThanOrEqual(0.02);
  });
});
