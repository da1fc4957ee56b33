import { basename } from 'node:path';
import type { DiscoveryFlow } from '../../src/discovery-flows/discovery-flow.entity';
import type { RunPreview } from '../../src/discovery-flows/dto/run-preview';
import type { RunResponse } from '../../src/discovery-flows/dto/run.response';
import { hasEnded } from '../../src/discovery-flows/has-ended';
import type { CreatedImportResponse } from '../../src/raw-imports/dto/import-response';
import type { WiringHealth } from '../../src/wiring-health/dto/wiring-health';
import { ApiError, type Api } from '../client/api';
import { followRun } from '../client/follow-run';
import { healthTable } from '../client/health-table';
import { printable } from '../client/printable';
import { showProgress } from '../client/show-progress';
import { UsageError } from '../usage-error';
import { chosenMappings } from './chosen-mappings';
import { conflictLines } from './conflict-lines';
import { dryRunTable } from './dry-run-table';
import type { ImportOptions } from './import-options';
import { type ImportState, readLedger } from './ledger';
import { ledgerTable } from './ledger-table';
import { mappingLines } from './mapping-lines';
import { rejectLines } from './reject-lines';
import { type RunOfFlow, runsOfImport } from './runs-of-import';
import { warningLines } from './warning-lines';

const POLL_EVERY_MS = 500;
const MEGABYTE = 1024 ** 2;

export interface Job extends ImportOptions {
  /** Of the service when the command is over. */
  laterOrigin: string;
  /** Told once a run is under way that goes on without this command. */
  onRunning: () => void;
}

/** Imports the file and prints what became of it. @returns the exit code that the help promises. */
export async function importFile(api: Api, job: Job): Promise<0 | 1 | 3> {
  console.log(printable(basename(job.file)));
  const data_import = await upload(api, job);
  for (const line of warningLines(data_import)) console.log(line);
  const before = await readLedger(api, data_import);
  let run: RunResponse | null = null;
  if (before.ledger.pending > 0) {
    const live = await liveRun(api, data_import);
    if (live && !job.dryRun) console.log('  A run over its rows is under way already; this is its progress.');
    if (live && job.mappings.size > 0) {
      throw new UsageError('--map: a run over the rows is under way with its own mappings; wait for its end');
    }
    const flow = live?.flow ?? (await createFlow(api, job, data_import));
    for (const line of mappingLines(data_import, flow)) console.log(line);
    if (job.dryRun) return dryRun(api, job, flow);
    run = await finishRun(api, job, flow, live?.run ?? null);
  } else if (job.mappings.size > 0) {
    console.log('  --map changes nothing: every row has its fate.');
  }
  const state = run === null ? before : await readLedger(api, data_import);
  console.log(`\n${ledgerTable(state)}`);
  for (const line of conflictLines(state.conflicts, state.ledger.conflicts)) console.log(line);
  for (const line of rejectLines(api, job.laterOrigin, data_import, state)) console.log(line);
  await showHealth(api);
  if (run?.error != null) console.error(`\nThe run ${run.status}: ${printable(run.error)}`);
  return exitCode(state, run);
}

async function upload(api: Api, { file, sizeBytes, upload }: Job): Promise<CreatedImportResponse> {
  const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);
  const data_import = await showProgress<CreatedImportResponse>({
    label: 'upload',
    total: sizeBytes,
    run: (advance) =>
      api.upload(file, { query: { ...upload } }, (sent) => {
        const done = sent >= sizeBytes;
        advance(sent, done ? 'the service reads it' : `${megabytes(sent)} of ${megabytes(sizeBytes)} MB`);
      }),
    outcome: ({ total_records, rejected_records }) =>
      `${total_records} rows${rejected_records > 0 ? `, ${rejected_records} of them cannot be read` : ''}`,
  });
  if (data_import.duplicate) {
    console.log(
      `  These bytes were imported before, at ${String(data_import.created_at)}; this is that import. (--force imports them again.)`,
    );
  }
  return data_import;
}

async function liveRun(api: Api, { id, duplicate }: CreatedImportResponse): Promise<RunOfFlow | undefined> {
  return duplicate ? (await runsOfImport(api, id)).find(({ run }) => !hasEnded(run)) : undefined;
}

async function createFlow(
  api: Api,
  { flowName, mappings }: Job,
  data_import: CreatedImportResponse,
): Promise<DiscoveryFlow> {
  return api.post<DiscoveryFlow>('/discovery-flows', {
    flow_name: flowName ?? data_import.filename,
    data_import_id: data_import.id,
    ...(mappings.size > 0 && { field_mappings: chosenMappings(data_import, mappings) }),
  });
}

async function finishRun(
  api: Api,
  job: Job,
  { flow_id }: DiscoveryFlow,
  live: RunResponse | null,
): Promise<RunResponse> {
  job.onRunning();
  const queued = live ?? (await api.post<RunResponse>(`/discovery-flows/${flow_id}/runs`, job.run));
  return showProgress<RunResponse>({
    label: 'run',
    total: queued.total_records,
    run: (advance) => followRun(api, { flow_id, run: queued, everyMs: POLL_EVERY_MS }, advance),
    outcome: ({ status, created, rows_per_second }) =>
      `${status.replaceAll('_', ' ')}: ${created} assets${rows_per_second === null ? '' : `, ${Math.round(rows_per_second)} rows/s`}`,
  });
}

async function dryRun(api: Api, { run }: Job, { flow_id }: DiscoveryFlow): Promise<0 | 3> {
  const answer = await api.post<RunPreview>(`/discovery-flows/${flow_id}/runs`, run);
  console.log(`\nA run would do this; no asset was made.\n${dryRunTable(answer)}`);
  return answer.conflicts + answer.rejected > 0 ? 3 : 0;
}

async function showHealth(api: Api): Promise<void> {
  try {
    const health = await api.get<WiringHealth>('/health/wiring?refresh=true');
    console.log(`\nWiring health of the engagement: ${health.health_status}`);
    if (health.health_status !== 'healthy') console.log(healthTable(health));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    console.log('\nWiring health of the engagement: unknown');
  }
}

function exitCode({ ledger }: ImportState, run: RunResponse | null): 0 | 1 | 3 {
  if (run?.status === 'failed' || run?.status === 'cancelled') return 1;
  return ledger.rejected + ledger.conflicts + ledger.pending > 0 ? 3 : 0;
}
