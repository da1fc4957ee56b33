import type { DataSource } from 'typeorm';
import type { AdvanceRun } from './enqueue-run';

/**
 * Runs that should have moved by now: their process died, or their job was lost with it, or they paused by themselves
 * and their time has come; one that a person paused has no such time. The one thing that is read across tenants, which
 * the service may not do: a function of the owner's hands out ids alone, and each is then dealt with in a transaction of
 * its own tenant. Served by idx_discovery_runs_due.
 */
export function findStalledRuns(dataSource: DataSource, at: Date): Promise<AdvanceRun[]> {
  return dataSource.query<AdvanceRun[]>(
    'SELECT s.client_account_id, s.engagement_id, s.run_id FROM migration.find_stalled_runs($1) s',
    [at],
  );
}
