import type { DataSource } from 'typeorm';
import type { AdvanceRun } from './enqueue-run';

/**
 * Runs that should have moved by now: their process died, or their job was lost with it, or they paused by themselves
 * and their time has come; one that a person paused has no such time. This is the one statement
 * that reads across tenants. It hands out ids alone, and each is then dealt with in a transaction of its own
 * tenant. Served by idx_discovery_runs_due.
 */
export function findStalledRuns(dataSource: DataSource, at: Date): Promise<AdvanceRun[]> {
  return dataSource.query<AdvanceRun[]>(
    `SELECT r.client_account_id, r.engagement_id, r.id AS run_id
       FROM migration.discovery_runs r
      WHERE r.status IN ('queued', 'running', 'paused') AND r.lease_expires_at < $1
      ORDER BY r.lease_expires_at LIMIT 100`,
    [at],
  );
}
