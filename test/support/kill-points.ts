import { Client } from 'pg';
import type { ProcessBench } from './process-bench';
import type { ServiceProcess } from './service-process';
import { type StopPoint, stopAt } from './stop-point';

const CHUNK_SIZE = 10;

/**
 * Five chunks of ten rows: most make assets, one in each chunk has no name, two repeat another row's host (in the
 * same chunk and in another), and one, past the chunks, cannot be stored as it is.
 */
export const KILL_RUN = {
  csv: killCsv(),
  options: { chunk_size: CHUNK_SIZE },
  chunks: 5,
};

/** A place in a run at which the process is killed. */
export interface KillPoint {
  name: string;
  /** The chunks that must be durable afterwards, and no row of another. */
  durable: number;
  /** Makes the service stop there. */
  trap(databaseUrl: string): Promise<StopPoint>;
  /** What lies between the process's death and that the database goes on. */
  afterDeath?(bench: ProcessBench): Promise<unknown>;
}

/** In the transaction of a chunk, counted from 1. */
export function pointsInside(chunk: number): KillPoint[] {
  const row = (n: number) => `web-${(chunk - 1) * CHUNK_SIZE + n}`;
  const inserted = (n: number) => ({
    event: 'BEFORE INSERT ON migration.assets',
    when: `NEW.name = '${row(n)}'`,
  });
  const counted = `NEW.chunks_done = ${chunk} AND OLD.chunks_done = ${chunk - 1}`;
  const committing = { event: 'AFTER UPDATE ON migration.discovery_runs', when: counted, atCommit: true };
  const point = (
    name: string,
    trap: Parameters<typeof stopAt>[1],
    more: Partial<KillPoint> = {},
  ): KillPoint => ({
    name: `in chunk ${chunk}, ${name}`,
    durable: chunk - 1,
    trap: (url) => stopAt(url, trap),
    ...more,
  });
  return [
    point('before its first row', inserted(1)),
    point('between two rows', inserted(6)),
    point('between rows and ledger', {
      event: 'BEFORE UPDATE ON migration.discovery_run_chunks',
      when: `NEW.chunk = ${chunk} AND NEW.status = 'committed'`,
    }),
    point('between ledger and totals', { event: 'BEFORE UPDATE ON migration.discovery_runs', when: counted }),
    point('right before its COMMIT', committing, { afterDeath: endBackends }),
    // The COMMIT is with the server already: the process dies without knowing, and the chunk is there.
    point('right before the answer to its COMMIT', committing, { durable: chunk }),
  ];
}

/** Between two chunks; 0 is before the first, and the last one before the run ends. */
export function pointBehind(chunk: number): KillPoint {
  const begun = `OLD.status = 'queued' AND NEW.status = 'running'`;
  return {
    name: chunk === 0 ? 'before the first chunk' : `between chunk ${chunk} and what follows`,
    durable: chunk,
    trap: async (url) => {
      const event = 'AFTER UPDATE ON migration.discovery_runs';
      const when = chunk === 0 ? begun : `NEW.chunks_done = ${chunk} AND OLD.chunks_done = ${chunk - 1}`;
      return behindCommit(url, await stopAt(url, { event, when, atCommit: true }));
    },
  };
}

/** In the transaction that ends the run, when every chunk is durable. */
export const POINT_IN_THE_END: KillPoint = {
  name: 'when the run is about to end',
  durable: KILL_RUN.chunks,
  trap: (url) =>
    stopAt(url, {
      event: 'BEFORE UPDATE ON migration.discovery_runs',
      when: 'NEW.finished_at IS NOT NULL',
    }),
};

/** Starts where a transaction is about to commit, lets it, and stops the service when it looks for its next chunk. */
async function behindCommit(databaseUrl: string, committing: StopPoint): Promise<StopPoint> {
  const holder = new Client({ connectionString: databaseUrl });
  await holder.connect();
  return {
    reached: async () => {
      const pid = await committing.reached();
      await holder.query('BEGIN');
      // Waits for the transaction to end, and is then before the process at the ledger.
      const locked = holder.query('LOCK TABLE migration.discovery_run_chunks IN ACCESS EXCLUSIVE MODE');
      await committing.release();
      await locked;
      return pid;
    },
    release: async () => {
      await holder.query('COMMIT');
      await holder.end();
    },
  };
}

/** As happens when the machine is gone with the process: its transactions roll back. */
function endBackends({ sql }: ProcessBench): Promise<unknown> {
  return sql.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'discovery-wiring'`,
  );
}

/** kill -9 at the point. When it returns, the database has ended whatever the process had begun. */
export async function killThere(
  bench: ProcessBench,
  victim: ServiceProcess,
  point: KillPoint,
  stop: StopPoint,
): Promise<void> {
  await stop.reached();
  await victim.kill();
  await point.afterDeath?.(bench);
  await stop.release();
  await bench.allGone();
}

function killCsv(): string {
  const lines = ['Hostname,IP Address,Environment,CPU Cores,RAM (GB),Rack'];
  const server = (host: number, i: number) =>
    `web-${host},10.0.0.${host},PROD,${1 + (host % 16)},${4 + (i % 60)},"R ""${i}"""`;
  for (let i = 1; i <= 5 * CHUNK_SIZE; i++) {
    if (i % CHUNK_SIZE === 4) lines.push(`,,PROD,${i},,nameless`);
    else lines.push(server(i === 28 ? 27 : i === 33 ? 3 : i, i));
  }
  lines.push('nul\0,10.0.0.99,PROD,1,1,R');
  return `${lines.join('\n')}\n`;
}
