import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceProcess } from '../test/support/service-process';
import { copyAndUpdate, copyAssets } from './baselines/copy-and-update';
import { saveAndUpdate } from './baselines/save-and-update';
import type { BenchOptions } from './bench-options';
import { makeFlow, type PendingFlow, persistFlows } from './flows';
import { compare, type Comparison, type Contender, measure } from './measure';
import type { BenchServer } from './with-server';

const LIMIT = 'COPY and one UPDATE, same keys';
/** The idiomatic way takes an hour for what the others do in minutes; what is compared is the time for a row. */
const IDIOMATIC_SHARE = 0.02;

/**
 * Raw records made assets by runs of the service: read, mapped, cleansed, checked for known assets, inserted, linked and
 * entered in the ledger. Beside it what PostgreSQL can do at most, and what is usually written with TypeORM.
 */
export async function benchPersist(
  server: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const { url, sql, dataDir } = server;
  const service = await ServiceProcess.start({ DATABASE_URL: url, DATA_DIR: dataDir });
  try {
    const model = await makeFlow(service.origin, rows);
    await persistFlows(sql, [model]);

    const ours = (workers: number): Contender<PendingFlow[]> => ({
      name: workers === 1 ? 'ours, one worker' : `ours, ${workers} workers`,
      prepare: () =>
        Promise.all(Array.from({ length: workers }, () => makeFlow(service.origin, rows / workers))),
      work: (flows) => persistFlows(sql, flows),
      size: rows,
    });
    const limit = (
      name: string,
      { keys }: { keys: boolean },
    ): Contender<PendingFlow['client']['tenant']> => ({
      name,
      prepare: async () => {
        const { tenant } = (await makeFlow(service.origin, rows)).client;
        await copyAssets(sql, { model: model.client.tenant, tenant, file: join(dataDir, 'assets.copy') });
        return tenant;
      },
      work: (tenant) => copyAndUpdate(url, { tenant, file: join(dataDir, 'assets.copy'), keys }),
      size: rows,
    });
    const few = Math.max(500, Math.round(rows * IDIOMATIC_SHARE));
    const idiomatic: Contender<PendingFlow['client']['tenant']> = {
      name: 'repository.save and an update for each row',
      prepare: async () => (await makeFlow(service.origin, few)).client.tenant,
      work: (tenant) => saveAndUpdate(url, tenant),
      size: few,
    };
    const measured = await measure(
      [
        limit(LIMIT, { keys: true }),
        limit('COPY and one UPDATE, keys unchecked', { keys: false }),
        ours(1),
        ours(2),
        idiomatic,
      ],
      rounds,
    );
    await rm(join(dataDir, 'assets.copy'));
    return [compare(`persisting ${rows} rows`, measured, { baseline: LIMIT, unit: 'ms per row' })];
  } finally {
    await service.terminate();
  }
}
