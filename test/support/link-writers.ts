import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { WRITERS_GATE } from '../../src/database/writers-gate';
import { type Answer, ApiClient, newTenant } from './api-client';
import { serversCsv } from './inventory';
import { TenantRows } from './wiring';

/** Six that insert and link without pause. */
export interface LinkWriters {
  /** Assets committed with their link. */
  linked(): number;
  /** What an application would have seen. */
  readonly errors: readonly string[];
  stop(): Promise<void>;
}

const WRITERS = 6;
const ROWS = 20;

/** Raw records by an import, and assets linked with them, over HTTP; two writers share a tenant. */
export function writeThroughService(origin: string): LinkWriters {
  const clients = Array.from({ length: WRITERS / 2 }, () => new ApiClient(origin, newTenant()));
  return keepWriting([...clients, ...clients].map((client) => () => writeImport(client)));
}

/**
 * Pairs of an asset and its record in plain SQL; every other writer goes through the tables backwards, which without
 * the gate is a deadlock with whoever locks both.
 */
export async function writeInMixedOrder(url: string): Promise<LinkWriters> {
  const clients = await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const client = new Client({ connectionString: url, application_name: 'a writer in SQL' });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    }),
  );
  const writing = keepWriting(clients.map((client, i) => () => writePair(client, i % 2 === 1)));
  const stop = async () => {
    await writing.stop();
    for (const client of clients) await client.end();
  };
  return { ...writing, stop };
}

function keepWriting(jobs: (() => Promise<number>)[]): LinkWriters {
  const errors: string[] = [];
  let linked = 0;
  let writing = true;
  const work = Promise.all(
    jobs.map(async (job) => {
      while (writing) {
        try {
          linked += await job();
        } catch (error) {
          errors.push(String(error));
        }
      }
    }),
  );
  const stop = async () => {
    writing = false;
    await work;
  };
  return { linked: () => linked, errors, stop };
}

async function writeImport(client: ApiClient): Promise<number> {
  const expecting = async (status: number, asked: Promise<Answer>) => {
    const answer = await asked;
    if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const csv = serversCsv(ROWS, { prefix: randomUUID() });
  const data_import_id = String((await expecting(201, client.upload('servers.csv', csv))).id);
  const flow = await expecting(201, client.post('/discovery-flows', { flow_name: 'links', data_import_id }));
  const records = await expecting(
    200,
    client.get(`/raw-import-records?data_import_id=${data_import_id}&page_size=${ROWS}`),
  );
  const discovered_assets = (records.data as { id: string; raw_data: { Hostname: string } }[]).map(
    ({ id, raw_data }) => ({ name: raw_data.Hostname, asset_type: 'server', raw_import_record_id: id }),
  );
  const assets = `/discovery-flows/${String(flow.flow_id)}/assets`;
  const written = await expecting(201, client.post(assets, { discovered_assets }));
  if (written.total_linked !== ROWS) throw new Error(`not all linked: ${JSON.stringify(written)}`);
  return ROWS;
}

async function writePair(client: Client, backwards: boolean): Promise<number> {
  const rows = new TenantRows(client, newTenant());
  const [asset, record] = [randomUUID(), randomUUID()];
  const steps = [
    () => rows.record({ id: record, asset_id: asset }),
    () => rows.asset({ id: asset, raw_import_records_id: record }),
  ];
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock_shared($1)', [WRITERS_GATE]);
    for (const step of backwards ? steps.reverse() : steps) await step();
    await client.query('COMMIT');
    return 1;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
