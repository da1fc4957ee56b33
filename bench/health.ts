import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../src/database/data-source-options';
import { SERVICE_ROLE } from '../src/database/roles';
import { TenantDatabase } from '../src/database/tenant-database';
import { computeHealth } from '../src/wiring-health/compute-health';
import type { Tenant } from '../src/tenancy/tenant';
import type { BenchOptions } from './bench-options';
import { fillTenant } from './filled-tenant';
import { type Comparison, compare, measure } from './measure';
import type { BenchServer } from './with-server';

/** A plan that is good while all is well may not be so for the first link that is not. */
const BROKEN = 10;

const OWN = (alias: string) => `${alias}.client_account_id = $1 AND ${alias}.engagement_id = $2`;

/** As somebody writes it who counts each metric by itself. */
const ONE_BY_ONE = [
  `SELECT count(*) FROM migration.assets a WHERE ${OWN('a')} AND a.discovery_method = 'flow_based' AND a.discovery_flow_id IS NULL`,
  `SELECT count(*) FROM migration.assets a WHERE ${OWN('a')} AND a.discovery_flow_id IS NULL`,
  `SELECT count(*) FROM migration.assets a WHERE ${OWN('a')} AND a.raw_import_records_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM migration.raw_import_records r WHERE ${OWN('r')} AND r.id = a.raw_import_records_id)`,
  `SELECT count(*) FROM migration.raw_import_records r WHERE ${OWN('r')} AND r.asset_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM migration.assets a WHERE ${OWN('a')} AND a.id = r.asset_id)`,
  `SELECT count(*) FROM migration.assets a WHERE ${OWN('a')} AND a.discovery_flow_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM migration.discovery_flows f WHERE ${OWN('f')} AND f.id = a.discovery_flow_id)`,
  `SELECT (SELECT count(*) FROM migration.assets a JOIN migration.raw_import_records r ON ${OWN('r')} AND r.id = a.raw_import_records_id
            WHERE ${OWN('a')} AND r.asset_id IS DISTINCT FROM a.id)
        + (SELECT count(*) FROM migration.raw_import_records r JOIN migration.assets a ON ${OWN('a')} AND a.id = r.asset_id
            WHERE ${OWN('r')} AND a.raw_import_records_id IS DISTINCT FROM r.id)`,
  `SELECT count(*) FROM migration.raw_import_records r WHERE ${OWN('r')} AND r.is_valid AND NOT r.is_processed`,
];

/** What any check has to read that trusts nothing: both ends of each link, in the index of either side. */
const LINK_INDEXES = [
  `SELECT count(a.id), count(a.raw_import_records_id) FROM migration.assets a
    WHERE ${OWN('a')} AND a.raw_import_records_id IS NOT NULL`,
  `SELECT count(r.id), count(r.asset_id) FROM migration.raw_import_records r
    WHERE ${OWN('r')} AND r.asset_id IS NOT NULL`,
];

/** Of a tenant that has its tables to itself the planner would read the tables instead. */
const BY_INDEX_ALONE = '-c enable_seqscan=off -c enable_bitmapscan=off';
/** As our connections are; what is compared are statements, not settings. */
const NO_JIT = '-c jit=off';
const SERIAL = '-c max_parallel_workers_per_gather=0';

/**
 * The health of one large tenant, proven by the keys and scanned, beside an index-only scan of the two link indexes, by
 * one process as ours and by as many as PostgreSQL takes, and beside a query for each metric; and the same with a few links broken.
 */
export async function benchHealth(
  { url, sql }: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const { tenant } = await fillTenant(sql, rows);
  const dataSource = new DataSource(dataSourceOptions(url, { poolSize: 1, role: SERVICE_ROLE }));
  await dataSource.initialize();
  const clients: Client[] = [];
  const bare = async (statements: readonly string[], options: readonly string[]) => {
    const client = new Client({ connectionString: url, options: options.join(' ') });
    await client.connect();
    clients.push(client);
    return async () => {
      for (const statement of statements)
        await client.query(statement, [tenant.client_account_id, tenant.engagement_id]);
    };
  };
  try {
    const database = new TenantDatabase(dataSource);
    const ours = (scan: boolean) => () =>
      database.snapshot(tenant, (tx) => computeHealth(tx, { detail: false, scan }));
    const baseline = 'index-only scan of the links';
    const scan = { name: baseline, work: await bare(LINK_INDEXES, [NO_JIT, BY_INDEX_ALONE, SERIAL]) };
    const scanned = { name: 'ours, scanned', work: ours(true) };
    const oneByOne = { name: 'a query for each metric', work: await bare(ONE_BY_ONE, [NO_JIT]) };
    const whole = await measure(
      [
        scan,
        { name: `${baseline}, in parallel`, work: await bare(LINK_INDEXES, [NO_JIT, BY_INDEX_ALONE]) },
        scanned,
        { name: 'ours, proven by keys', work: ours(false), calls: 5 },
        oneByOne,
      ],
      rounds,
    );
    await breakLinks(sql, tenant);
    const broken = await measure([scan, scanned, oneByOne], rounds);
    return [
      compare(`health of ${rows} pairs`, whole, { baseline, unit: 'ms' }),
      compare(`the same, ${BROKEN} links broken`, broken, { baseline, unit: 'ms' }),
    ];
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await dataSource.destroy();
  }
}

async function breakLinks(sql: Client, { client_account_id, engagement_id }: Tenant): Promise<void> {
  await sql.query('BEGIN; SET LOCAL session_replication_role = replica');
  await sql.query(
    `UPDATE migration.raw_import_records r SET asset_id = gen_random_uuid()
      WHERE ${OWN('r')} AND r.row_number <= ${BROKEN}`,
    [client_account_id, engagement_id],
  );
  await sql.query('COMMIT');
  await sql.query('VACUUM (ANALYZE) migration.raw_import_records');
}
