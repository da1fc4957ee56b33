import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { startTestService, type TestService } from '../../test/support/test-service';
import { waitFor } from '../../test/support/wait-for';
import { TenantRows } from '../../test/support/wiring';
import { TenantDatabase } from '../database/tenant-database';
import { AssetTotals } from './asset-totals.service';

describe('AssetTotals', () => {
  let service: TestService;
  let rows: TenantRows;
  let totals: AssetTotals;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    rows = new TenantRows(service.sql, service.newClient().tenant);
    totals = await newTotals();
  });
  afterAll(() => service.stop());

  async function newTotals(): Promise<AssetTotals> {
    const made = new AssetTotals(service.app.get(DataSource));
    await made.onModuleInit();
    return made;
  }

  /** The total, and whether it had to be counted: the real transaction, watched. */
  async function ask(
    discovery_flow_id: string | null = null,
    totalOf = totals.beforeSnapshot(),
  ): Promise<{ total: number; counted: boolean }> {
    let counted = false;
    const total = await service.app.get(TenantDatabase).snapshot(rows.tenant, (tx) => {
      const watched = new Proxy(tx, {
        get: (target, property) => {
          if (property === 'rows') counted = true;
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      return totalOf(watched, discovery_flow_id);
    });
    return { total, counted };
  }

  /** The other tests write to the same server, so it takes a moment in which nobody does. */
  const untilKept = () =>
    waitFor('a total that is not counted', async () => {
      const { total, counted } = await ask();
      return counted ? null : { total };
    });

  it('counts nothing while nobody writes', async () => {
    for (let i = 0; i < 3; i++) await rows.asset();
    expect(await untilKept()).toEqual({ total: 3 });
  });

  it('is right at once, whoever inserts, deletes or hides, and of each flow for itself', async () => {
    const flow = await rows.flow();
    const counts = async () => [(await ask()).total, (await ask(flow)).total];
    const kept = await rows.asset();
    await untilKept();
    const gone = await rows.asset({ discovery_flow_id: flow });
    expect(await counts()).toEqual([2, 1]);
    await untilKept();
    await service.sql.query('UPDATE migration.assets SET deleted_at = now() WHERE id = $1', [gone]);
    expect(await counts()).toEqual([1, 0]);
    await untilKept();
    await service.sql.query('UPDATE migration.assets SET discovery_flow_id = $2 WHERE id = $1', [kept, flow]);
    expect(await counts()).toEqual([1, 1]);
    await untilKept();
    await service.sql.query('DELETE FROM migration.assets WHERE id = $1', [kept]);
    expect(await counts()).toEqual([0, 0]);
  });

  it('keeps the first of those that were counted at the same time, which others under way can use', async () => {
    await rows.asset();
    await waitFor('a moment in which nobody writes', async () => {
      totals = await newTotals();
      await ask();
      const early = totals.beforeSnapshot();
      await ask();
      const late = totals.beforeSnapshot();
      const { counted } = await ask(null, early);
      return counted && !(await ask(null, late)).counted;
    });
  });

  it('is counted once for all who ask at the same time', async () => {
    await rows.asset();
    await waitFor('a moment in which nobody writes', async () => {
      totals = await newTotals();
      await ask();
      const answers = await Promise.all([1, 2, 3, 4].map(() => ask()));
      expect(answers.map(({ total }) => total)).toEqual([1, 1, 1, 1]);
      return answers.filter(({ counted }) => counted).length === 1;
    });
  });

  it('counts for itself when the one who counts for all is cut off', async () => {
    await rows.asset();
    await waitFor('a moment in which nobody writes', async () => {
      totals = await newTotals();
      await ask();
      const [first, second] = [totals.beforeSnapshot(), totals.beforeSnapshot()];
      const database = service.app.get(TenantDatabase);
      let isCounting = false;
      let cutOff: (reason: Error) => void = () => undefined;
      const cut = new Promise<never>((_, reject) => (cutOff = reject));
      cut.catch(() => undefined);
      const counting = database.snapshot(rows.tenant, (tx) =>
        first(
          new Proxy(tx, {
            get: (target, property) => {
              if (property === 'rows') {
                isCounting = true;
                return () => cut;
              }
              const value: unknown = Reflect.get(target, property, target);
              return typeof value === 'function' ? (value.bind(target) as unknown) : value;
            },
          }),
          null,
        ),
      );
      counting.catch(() => undefined);
      await waitFor('the first to count', () => isCounting);
      await database.snapshot(rows.tenant, async (tx) => {
        const total = second(tx, null);
        // Answered after the position that the second asks for: by then it waits for the first.
        for (let i = 0; i < 2; i++) await tx.control('SELECT 1');
        cutOff(new Error('cut off'));
        expect(await total).toBe(1);
      });
      return (await counting.catch((error: unknown) => (error as Error).message)) === 'cut off';
    });
  });

  it('counts each time where the server does not tell its position', async () => {
    const position = 'FUNCTION pg_catalog.pg_current_wal_insert_lsn()';
    await service.sql.query(`REVOKE EXECUTE ON ${position} FROM PUBLIC`);
    try {
      totals = await newTotals();
      await rows.asset();
      for (let i = 0; i < 5; i++) expect(await ask()).toEqual({ total: 1, counted: true });
    } finally {
      await service.sql.query(`GRANT EXECUTE ON ${position} TO PUBLIC`);
    }
  });

  it('keeps nothing that was counted beside a transaction under way', async () => {
    await rows.asset();
    const writer = new Client({ connectionString: service.databaseUrl });
    await writer.connect();
    await writer.query('BEGIN');
    await new TenantRows(writer, rows.tenant).asset();
    for (let i = 0; i < 20; i++) expect(await ask()).toEqual({ total: 1, counted: true });
    await writer.query('COMMIT');
    await writer.end();
    expect((await ask()).total).toBe(2);
  });

  it('keeps nothing of a snapshot that is older than what it goes by', async () => {
    await rows.asset();
    await untilKept();
    const totalOf = totals.beforeSnapshot();
    const database = service.app.get(TenantDatabase);
    await database.snapshot(rows.tenant, async (tx) => {
      await tx.control('SELECT 1');
      await rows.asset();
      // Others see it settled meanwhile.
      await untilKept();
      expect(await totalOf(tx, null)).toBe(1);
    });
    expect((await ask()).total).toBe(2);
    expect(await untilKept()).toEqual({ total: 2 });
  });

  it('never lags behind writers, whatever comes between count and position', async () => {
    const writers = await Promise.all(
      [1, 2].map(async () => {
        const client = new Client({ connectionString: service.databaseUrl });
        await client.connect();
        return client;
      }),
    );
    let committed = 0;
    const state = { isOver: false };
    const writing = Promise.all(
      writers.map(async (client) => {
        for (let i = 0; i < 150; i++) {
          await new TenantRows(client, rows.tenant).asset();
          committed += 1;
          // Now and then nobody writes for a while, so that totals are kept.
          if (i % 10 === 0) for (let j = 0; j < 5; j++) await ask();
        }
      }),
    ).finally(() => (state.isOver = true));
    while (!state.isOver) {
      const before = committed;
      const { total } = await ask();
      expect(total).toBeGreaterThanOrEqual(before);
    }
    await writing;
    for (const client of writers) await client.end();
    expect((await ask()).total).toBe(300);
  });
});
