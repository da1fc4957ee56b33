import { DiscoveryRun } from './discovery-run.entity';
import { runProgress } from './run-progress';

const run = (columns: Partial<DiscoveryRun>) =>
  Object.assign(
    new DiscoveryRun(),
    { status: 'running', total_records: 100, pending: 100, active_ms: 0 },
    columns,
  );

describe('the progress of a run', () => {
  it.each([
    ['nothing is decided yet', { active_ms: 700 }, null, null],
    ['no work was timed', { pending: 40 }, null, null],
    ['it is half through', { pending: 50, active_ms: 2000 }, 25, 2],
    ['the rate has a fraction', { pending: 97, active_ms: 900 }, 3.3, 30],
    ['the time left has one', { pending: 1, active_ms: 1000 }, 99, 1],
    ['it is paused', { status: 'paused', pending: 50, active_ms: 1000 }, 50, 1],
    ['no row is left but the end is not written', { pending: 0, active_ms: 1000 }, 100, 0],
    ['it has ended', { status: 'completed', pending: 0, active_ms: 500 }, 200, 0],
    ['it has failed half through', { status: 'failed', pending: 50, active_ms: 500 }, 100, 0],
    ['it was cancelled before its first chunk', { status: 'cancelled' }, null, 0],
    ['it left failed chunks', { status: 'completed_with_errors', pending: 90, active_ms: 100 }, 100, 0],
    ['it had no rows', { status: 'completed', total_records: 0, pending: 0 }, null, 0],
  ])('when %s', (_when, columns, rows_per_second, seconds_left) => {
    expect(runProgress(run(columns))).toMatchObject({ rows_per_second, seconds_left });
  });

  it('is the row and two numbers more, and leaves the row as it was', () => {
    const row = run({ created: 7 });
    const before = JSON.stringify(row);
    expect(JSON.parse(JSON.stringify(runProgress(row)))).toEqual({
      ...(JSON.parse(before) as object),
      rows_per_second: null,
      seconds_left: null,
    });
    expect(JSON.stringify(row)).toBe(before);
  });
});
