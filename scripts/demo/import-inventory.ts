import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DiscoveryFlow } from '../../src/discovery-flows/discovery-flow.entity';
import type { RunResponse } from '../../src/discovery-flows/dto/run.response';
import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import type { Reject, RejectPage } from '../../src/raw-imports/dto/rejects';
import type { Api } from '../client/api';
import { followRun } from '../client/follow-run';
import { showProgress } from '../client/show-progress';
import { warningLines } from '../import/warning-lines';

export interface Sample {
  file: string;
  mediaType: string;
}

/** What became of a file. */
export interface Inventory {
  data_import: ImportResponse;
  flow: DiscoveryFlow;
  run: RunResponse;
  rejects: Reject[];
}

/** A transaction each; small, so that there is progress to see. */
const CHUNK_SIZE = 50;
const POLL_EVERY_MS = 50;

/** The main job on one file: import it, make a flow that approves the confident mappings, and run that to its end. */
export async function importInventory(api: Api, { file, mediaType }: Sample): Promise<Inventory> {
  console.log(`\n${basename(file)}`);
  const data_import = await showProgress<ImportResponse>({
    label: 'import',
    total: (await stat(file)).size,
    run: (advance) => api.upload(file, { mediaType }, advance),
    outcome: ({ total_records }) => `${total_records} rows`,
  });
  for (const line of warningLines(data_import)) console.log(line);
  const flow = await api.post<DiscoveryFlow>('/discovery-flows', {
    flow_name: `Demo: ${data_import.filename}`,
    data_import_id: data_import.id,
  });
  console.log(`  mapping ${mappedColumns(data_import, flow)}`);
  const queued = await api.post<RunResponse>(`/discovery-flows/${flow.flow_id}/runs`, {
    chunk_size: CHUNK_SIZE,
  });
  const run = await showProgress<RunResponse>({
    label: 'run',
    total: queued.total_records,
    run: (advance) => followRun(api, { flow_id: flow.flow_id, run: queued, everyMs: POLL_EVERY_MS }, advance),
    outcome: ({ linked, chunks_done }) => `${linked} assets made and linked, in ${chunks_done} transactions`,
  });
  if (run.status !== 'completed') {
    throw new Error(
      `The run over ${data_import.filename} ended as ${run.status}: ${run.error ?? 'some chunks failed'}`,
    );
  }
  const rejects = await api.get<RejectPage>(`/data-imports/${data_import.id}/rejects?page_size=200`);
  return { data_import, flow, run, rejects: rejects.data };
}

function mappedColumns({ columns }: ImportResponse, { field_mappings }: DiscoveryFlow): string {
  return `${Object.keys(field_mappings).length} of ${columns.length} columns recognised, the others kept as they are`;
}
