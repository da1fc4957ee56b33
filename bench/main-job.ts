import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { ApiClient, newTenant } from '../test/support/api-client';
import { serversCsv } from '../test/support/inventory';
import { ServiceProcess } from '../test/support/service-process';
import { waitFor } from '../test/support/wait-for';

/**
 * The main job at size, against the built service on its embedded database: upload, run, health, and the most
 * memory that the service's process ever held (Linux).
 *
 *   npm run bench -- --rows 100000
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } });
  const rows = Number(values.rows);
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-bench-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  const service = await ServiceProcess.start({ DATA_DIR: dataDir });
  try {
    const client = new ApiClient(service.origin, newTenant());
    const table = new Table({ head: ['step', 'seconds', 'rows/s'] });
    const timed = async <Result>(step: string, work: () => Promise<Result>): Promise<Result> => {
      const start = performance.now();
      const result = await work();
      const seconds = (performance.now() - start) / 1000;
      table.push([step, seconds.toFixed(3), Math.round(rows / seconds)]);
      return result;
    };

    const csv = serversCsv(rows);
    const upload = await timed('upload to raw records', () => client.upload('servers.csv', csv));
    const flow = (
      await client.post('/discovery-flows', { flow_name: 'bench', data_import_id: upload.body.id })
    ).body;
    const runs = `/discovery-flows/${String(flow.flow_id)}/runs`;
    const started = await timed('POST runs answers', () => client.post(runs));
    const run = await timed('run to its end', () =>
      waitFor(
        'the end of the run',
        async () => {
          const { body } = await client.get(`${runs}/${String(started.body.id)}`);
          return ['queued', 'running'].includes(String(body.status)) ? null : body;
        },
        600_000,
      ),
    );
    const proven = await timed('health, proven by keys', () => client.get('/health/wiring?refresh=true'));
    const scanned = await timed('health, scanned', () =>
      client.get('/health/wiring?verify=scan&refresh=true'),
    );

    console.log(table.toString());
    console.log(
      `run ${String(run.status)}: ${String(run.created)} created and linked of ${String(run.total_records)}`,
    );
    console.log(`health ${String(proven.body.health_status)}, scanned ${String(scanned.body.health_status)}`);
    console.log(`peak RSS of the service: ${await peakRss(service.child.pid ?? 0)}`);
  } finally {
    await service.terminate();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function peakRss(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kib === undefined ? 'not to be read on this system' : `${Math.round(Number(kib) / 1024)} MiB`;
}

void main();
