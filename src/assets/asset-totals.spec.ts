import { Client } from 'pg';
import { startTestService, type TestService } from '../../test/support/test-service';
import { waitFor } from '../../test/support/wait-for';
import { TenantRows } from '../../test/support/wiring';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { AssetTotals } from './asset-totals.service';

describe('AssetTotals', () => {
  let service: TestService;
  let rows: TenantRows;
  let totals: AssetTotals;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    rows = new TenantRows(service.sql, service.newClient().tenant);
    totals = new AssetTotals();
  });
  afterAll(() => service.stop());

  /** The real transaction, with another way to ask for rows. */
  function withRows(tx: TenantTx, rowsOf: TenantTx['rows']): TenantTx {
    return new Proxy(tx, {
      get: (target, property) => {
        if (property === 'rows') return rowsOf;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  /** The total, and whether it had to be counted. */
  async function ask(discovery_flow_id: string | null = null): Promise<{ total: number; counted: boolean }> {
    let counted = false;
    const total = await service.app.get(TenantDatabase).snapshot(rows.tenant, (tx) => {
      const watched = withRows(tx, (sql, values) => {
        counted = true;
        return tx.rows(sql, values);
      });
      return totals.total(watched, discovery_flow_id);
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

  it('is counted once for all who ask at the same time', async () => {
    await rows.asset();
    await waitFor('a moment in which nobody writes', async () => {
      totals = new AssetTotals();
      const answers = await Promise.all([1, 2, 3, 4].map(() => ask()));
      expect(answers.map(({ total }) => total)).toEqual([1, 1, 1, 1]);
      return answers.filter(({ counted }) => counted).length === 1;
    });
  });

  it('counts for itself when the one who counts for all is cut off', async () => {
    await rows.asset();
    await waitFor('a moment in which nobody writes', async () => {
      totals = new AssetTotals();
      const database = service.app.get(TenantDatabase);
      let isCounting = false;
      let cutOff: (reason: Error) => void = () => undefined;
      const cut = new Promise<never>((_, reject) => (cutOff = reject));
      const counting = database.snapshot(rows.tenant, (tx) =>
        totals.total(
          withRows(tx, () => {
            isCounting = true;
            return cut;
          }),
          null,
        ),
      );
      counting.catch(() => undefined);
      await waitFor('the first to count', () => isCounting);
      let hasWaited = true;
      await database.snapshot(rows.tenant, async (tx) => {
        let isCut = false;
        const watched = withRows(tx, (sql, values) => {
          hasWaited = isCut;
          return tx.rows(sql, values);
        });
        const total = totals.total(watched, null);
        // Answered after the snapshot's name, for which it has asked before: by then it waits for the first.
        for (let i = 0; i < 2; i++) await tx.control('SELECT 1');
        isCut = true;
        cutOff(new Error('cut off'));
        expect(await total).toBe(1);
      });
      await expect(counting).rejects.toThrow('cut off');
      return hasWaited;
    });
  });

  it('is kept beside a transaction under way, and counted when that one ends', async () => {
    await rows.asset();
    const writer = new Client({ connectionString: service.databaseUrl });
    await writer.connect();
    await writer.query('BEGIN');
    await new TenantRows(writer, rows.tenant).asset();
    expect(await untilKept()).toEqual({ total: 1 });
    await writer.query('COMMIT');
    await writer.end();
    expect(await ask()).toEqual({ total: 2, counted: true });
  });

  it('is kept while a table is vacuumed, which writes to the log and changes nothing', async () => {
    await rows.asset();
    await waitFor('a moment in which nobody writes', async () => {
      await untilKept();
      await service.sql.query('VACUUM (FREEZE) migration.raw_import_records');
      return !(await ask()).counted;
    });
  });

  it('is of its own snapshot, however old that is', async () => {
    await rows.asset();
    await service.app.get(TenantDatabase).snapshot(rows.tenant, async (tx) => {
      await tx.control('SELECT 1');
      await rows.asset();
      expect(await untilKept()).toEqual({ total: 2 });
      expect(await totals.total(tx, null)).toBe(1);
    });
    expect((await ask()).total).toBe(2);
  });

  it('never lags behind writers, whatever comes between count and answer', async () => {
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
