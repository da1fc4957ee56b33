import { setTimeout as delay } from 'node:timers/promises';
import type { RunResponse } from '../../src/discovery-flows/dto/run.response';
import { hasEnded } from '../../src/discovery-flows/has-ended';
import { ApiError, type Api } from './api';
import type { Advance } from './show-progress';

/** A restart of the service or its database takes less. */
const LOST_AFTER_MS = 60_000;

interface Followed {
  flow_id: string;
  run: RunResponse;
  everyMs: number;
}

/** Asks for a run until it has ended. What passes by itself is waited out: the run goes on meanwhile. */
export async function followRun(
  api: Api,
  { flow_id, run: first, everyMs }: Followed,
  advance: Advance,
): Promise<RunResponse> {
  let run = first;
  let lostSince: number | null = null;
  while (!hasEnded(run)) {
    await delay(everyMs, undefined, { signal: api.signal });
    try {
      run = await api.get<RunResponse>(`/discovery-flows/${flow_id}/runs/${run.id}`);
      lostSince = null;
    } catch (error) {
      lostSince ??= Date.now();
      const mayPass = error instanceof ApiError && error.mayPass && Date.now() - lostSince < LOST_AFTER_MS;
      if (!mayPass) throw error;
    }
    const decided = run.total_records - run.pending;
    advance(decided, lostSince === null ? describe(run, decided) : 'the service does not answer, trying on');
  }
  return run;
}

function describe({ status, total_records, rows_per_second, seconds_left }: RunResponse, decided: number) {
  return [
    `${decided} of ${total_records} rows`,
    ...(status === 'running' ? [] : [status]),
    ...(rows_per_second === null ? [] : [`${Math.round(rows_per_second)} rows/s`]),
    ...(seconds_left === null ? [] : [`${seconds_left} s left`]),
  ].join(', ');
}
