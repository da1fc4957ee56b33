import { DataSource } from 'typeorm';
import { Asset } from '../src/assets/asset.entity';
import { AssetTotals } from '../src/assets/asset-totals.service';
import { countAssets } from '../src/assets/queries/count-assets';
import { listAssets } from '../src/assets/queries/list-assets';
import { dataSourceOptions } from '../src/database/data-source-options';
import { SERVICE_ROLE } from '../src/database/roles';
import { TenantDatabase, type TenantTx } from '../src/database/tenant-database';
import type { BenchOptions } from './bench-options';
import { fillTenant } from './filled-tenant';
import { compare, type Comparison, type Measured, measure, summarise } from './measure';
import type { BenchServer } from './with-server';

const PAGE = 100;
const CALLS = 5;

/**
 * Pages of the asset list of one large tenant, as the service asks for them, beside the way that TypeORM offers
 * (`findAndCount` with skip and take) and beside the bare page by key, without a total, over the same connection.
 */
export async function benchList(
  { url, sql }: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const { tenant, flow_key } = await fillTenant(sql, rows);
  const dataSource = new DataSource(
    dataSourceOptions(url, { poolSize: 2, role: SERVICE_ROLE, entities: [Asset] }),
  );
  const owner = new DataSource(dataSourceOptions(url, { poolSize: 1, entities: [Asset] }));
  await Promise.all([dataSource.initialize(), owner.initialize()]);
  try {
    const database = new TenantDatabase(dataSource);
    const totals = new AssetTotals();
    const ours =
      (discovery_flow_id: string | null, offset: number, after: string | null = null) =>
      () =>
        database.snapshot(tenant, async (tx) => ({
          rows: await listAssets(tx, { discovery_flow_id, after, limit: PAGE, offset }),
          total: await totals.total(tx, discovery_flow_id),
        }));
    const count = () => database.snapshot(tenant, (tx) => countAssets(tx, null));
    const idiomatic = (skip: number) => () =>
      owner.getRepository(Asset).findAndCount({
        where: { ...tenant },
        order: { created_at: 'ASC', id: 'ASC' },
        take: PAGE,
        skip,
      });
    const half = Math.floor(rows / 2);
    const middle = await sql.query<{ created_at: Date; id: string }>(
      `SELECT created_at, id FROM migration.assets WHERE client_account_id = $1 AND engagement_id = $2
        ORDER BY created_at, id LIMIT 1 OFFSET $3`,
      [tenant.client_account_id, tenant.engagement_id, half],
    );
    const last = middle.rows[0];
    const bare = () =>
      sql.query(
        `SELECT * FROM migration.assets
          WHERE client_account_id = $1 AND engagement_id = $2 AND deleted_at IS NULL AND (created_at, id) > ($3, $4)
          ORDER BY created_at, id LIMIT ${PAGE}`,
        [tenant.client_account_id, tenant.engagement_id, last?.created_at, last?.id],
      );
    const baseline = 'findAndCount, page 1';
    const measured = await measure(
      [
        { name: 'bare page by key, no total', work: bare, calls: CALLS },
        { name: 'ours, page 1', work: ours(null, 0), calls: CALLS },
        { name: 'ours, page 1 of the flow', work: ours(flow_key, 0), calls: CALLS },
        { name: 'ours, half way, by number', work: ours(null, half), calls: CALLS },
        { name: 'ours, half way, by key', work: ours(null, 0, last?.id), calls: CALLS },
        { name: 'ours, half way of the flow, by key', work: ours(flow_key, 0, last?.id), calls: CALLS },
        { name: 'a total that has to be counted', work: count, calls: CALLS },
        { name: baseline, work: idiomatic(0), calls: CALLS },
        { name: 'findAndCount, half way', work: idiomatic(half), calls: CALLS },
      ],
      rounds,
    );
    const executed: Measured[] = [];
    for (const [name, discovery_flow_id, after] of [
      ['page 1', null, null],
      ['page 1 of the flow', flow_key, null],
      ['half way, by key', null, last?.id],
      ['half way of the flow, by key', flow_key, last?.id],
    ] as const) {
      const slice = { discovery_flow_id, after: after ?? null, limit: PAGE, offset: 0 };
      const times = [];
      for (let i = 0; i < rounds * CALLS; i++) {
        times.push(await database.snapshot(tenant, (tx) => executionTime(tx, slice)));
      }
      executed.push(summarise(name, times));
    }
    return [
      compare(`a page of ${PAGE} of ${rows}`, measured, { baseline, unit: 'ms' }),
      compare('of it in the database, by EXPLAIN ANALYZE', executed, { baseline: 'page 1', unit: 'ms' }),
    ];
  } finally {
    await Promise.all([dataSource.destroy(), owner.destroy()]);
  }
}

/** Milliseconds that PostgreSQL takes for a page, its JSON included, as its own clock says. */
async function executionTime(tx: TenantTx, slice: Parameters<typeof listAssets>[1]): Promise<number> {
  let ms = NaN;
  const explaining: Pick<TenantTx, 'preparedTexts'> = {
    preparedTexts: async (_name, sql, values) => {
      const [plan] = await tx.rows<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
        values,
      );
      ms = plan?.['QUERY PLAN'][0]['Execution Time'] ?? NaN;
      return [];
    },
  };
  await listAssets(explaining as TenantTx, slice);
  return ms;
}
