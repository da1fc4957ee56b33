import type { DiscoveryRun } from './discovery-run.entity';
import { RunResponse } from './dto/run.response';
import { hasEnded } from './has-ended';

/**
 * What the API says of a run: its row, its rate and the time left. Both are derived from the row alone, so that equal
 * rows are equal answers, whoever asks and whenever.
 */
export function runProgress(run: DiscoveryRun): RunResponse {
  const rate = ratePerSecond(run);
  return Object.assign(new RunResponse(), run, {
    rows_per_second: rate === null ? null : Math.round(rate * 10) / 10,
    seconds_left: hasEnded(run) ? 0 : rate === null ? null : Math.ceil(run.pending / rate),
  });
}

/** By the time at work: a run waits in the queue, while it is paused and while the service is down. */
function ratePerSecond({ total_records, pending, active_ms }: DiscoveryRun): number | null {
  const decided = total_records - pending;
  return decided > 0 && active_ms > 0 ? (decided * 1000) / active_ms : null;
}
