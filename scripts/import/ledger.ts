import type { RunConflict } from '../../src/discovery-flows/dto/run-conflict';
import type { RunResponse } from '../../src/discovery-flows/dto/run.response';
import type { Page } from '../../src/http/page';
import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import type { Reject } from '../../src/raw-imports/dto/rejects';
import type { Api } from '../client/api';
import { type RunOfFlow, runsOfImport } from './runs-of-import';

export interface Ledger {
  total: number;
  created: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
  pending: number;
}

export interface ImportState {
  ledger: Ledger;
  /** The newest run, if there was one. */
  run: RunResponse | null;
  /** The first few. */
  rejects: Reject[];
  /** The first few of the newest run that has any. */
  conflicts: RunConflict[];
}

const REJECTS_SHOWN = 10;
const CONFLICTS_SHOWN = 5;

/** What became of every row of a file, rows that were refused while it was read and runs of before included. */
export async function readLedger(api: Api, { id, total_records }: ImportResponse): Promise<ImportState> {
  const rejects = await api.get<Page<Reject>>(`/data-imports/${id}/rejects?page_size=${REJECTS_SHOWN}`);
  const open = await api.get<Page<unknown>>(
    `/raw-import-records?data_import_id=${id}&is_valid=true&is_processed=false&page_size=1`,
  );
  const found = await runsOfImport(api, id);
  const runs = found.map(({ run }) => run);
  const sum = (count: (run: RunResponse) => number) => runs.reduce((all, run) => all + count(run), 0);
  const others = {
    duplicates: sum(({ duplicates }) => duplicates),
    conflicts: sum(({ conflicts }) => conflicts),
    rejected: rejects.pagination.total,
    pending: open.pagination.total,
  };
  // A row may have become an asset by a given list too, which no run counts.
  const created = Object.values(others).reduce((left, count) => left - count, total_records);
  return {
    ledger: { total: total_records, created, ...others },
    run: runs[0] ?? null,
    rejects: rejects.data,
    conflicts: await firstConflicts(api, found),
  };
}

async function firstConflicts(api: Api, runs: readonly RunOfFlow[]): Promise<RunConflict[]> {
  const newest = runs.find(({ run }) => run.conflicts > 0);
  if (!newest) return [];
  const { flow, run } = newest;
  const path = `/discovery-flows/${flow.flow_id}/runs/${run.id}/conflicts?page_size=${CONFLICTS_SHOWN}`;
  return (await api.get<Page<RunConflict>>(path)).data;
}
