import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, pageOf, pageWindow } from '../http/page';
import type { Tenant } from '../tenancy/tenant';
import type { ComputedHealth } from './compute-health';
import type { ListHealthHistoryQuery } from './dto/list-health-history.query';
import { KNOWN_STATUSES } from './known-statuses';
import { listHealthHistory } from './queries/list-health-history';
import { pruneHealthHistory } from './queries/prune-health-history';
import { upsertHealthHour } from './queries/upsert-health-hour';
import type { WiringHealthHour } from './wiring-health-hour.entity';

const HOUR_MS = 3_600_000;
const RETENTION_MS = 90 * 24 * HOUR_MS;
/** Hours of tenants that are remembered at most; what was remembered longest goes first, written or not. */
const MAX_REMEMBERED = 10_000;
/** Nobody waits for the write, but a rollback of the keys waits for whoever holds the writers' gate. */
const WRITE_LIMITS = { statement_ms: 1_000, idle_ms: 5_000 };

/**
 * Keeps the worst health of each tenant and hour. No answer waits for it or fails with it: what was computed is
 * remembered, and written beside the answers, one tenant at a time over one connection of the service's pool, so that
 * the probes' few stay theirs. What could not be written is tried again with the next health that is computed.
 */
@Injectable()
export class HealthHistoryService implements OnApplicationShutdown {
  private readonly logger = new Logger(HealthHistoryService.name);
  /** The worst health of a tenant and hour that was computed here. */
  private readonly remembered = new Map<string, ComputedHealth>();
  /** Keys of those that have yet to be written. */
  private readonly unwritten = new Set<string>();
  private isWriting = false;
  private underWay: Promise<void> = Promise.resolve();

  constructor(private readonly database: TenantDatabase) {}

  keep(health: ComputedHealth): void {
    const { client_account_id, engagement_id } = health.tenant;
    const key = `${client_account_id} ${engagement_id} ${hourOf(health).toISOString()}`;
    const worst = this.remembered.get(key);
    // Most checks find what the last one found, and cost no write.
    if (!worst || replaces(health, worst)) this.remember(key, health);
    if (this.unwritten.size > 0 && !this.isWriting) this.underWay = this.write();
  }

  async list(tenant: Tenant, query: ListHealthHistoryQuery): Promise<Page<WiringHealthHour>> {
    const { from = null, to = null } = query;
    const window = { from, to, ...pageWindow(query) };
    return pageOf(query, await this.database.snapshot(tenant, (tx) => listHealthHistory(tx, window)));
  }

  /** The last requests have been answered by now, and the connections are still there. */
  async onApplicationShutdown(): Promise<void> {
    await this.underWay;
  }

  private remember(key: string, health: ComputedHealth): void {
    this.remembered.delete(key);
    this.remembered.set(key, health);
    this.unwritten.add(key);
    const oldest = this.remembered.keys().next();
    if (this.remembered.size > MAX_REMEMBERED && oldest.done !== true) {
      this.remembered.delete(oldest.value);
      this.unwritten.delete(oldest.value);
    }
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    // What is added meanwhile is come by as well.
    for (const key of this.unwritten) {
      this.unwritten.delete(key);
      const health = this.remembered.get(key);
      if (!health) continue;
      try {
        await this.writeHour(health);
      } catch (error) {
        this.logger.warn({ err: error }, 'the wiring health could not be kept in its history');
        this.unwritten.add(key);
        // What hinders one hinders all, as a rule, and a shutdown may be waiting.
        break;
      }
    }
    this.isWriting = false;
  }

  private writeHour(health: ComputedHealth): Promise<void> {
    const hour = hourOf(health);
    return this.database.transaction(health.tenant, async (tx) => {
      await tx.limit(WRITE_LIMITS);
      await upsertHealthHour(tx, { ...health, hour });
      await pruneHealthHistory(tx, new Date(hour.getTime() - RETENTION_MS));
    });
  }
}

function hourOf({ checked_at }: ComputedHealth): Date {
  return new Date(Math.floor(checked_at.getTime() / HOUR_MS) * HOUR_MS);
}

/** As the statement decides that writes it: the worse one stays, and of two as bad the later one, where it differs. */
function replaces(health: ComputedHealth, worst: ComputedHealth): boolean {
  const [badness, worstBadness] = [health, worst].map(({ health_status }) =>
    KNOWN_STATUSES.indexOf(health_status),
  ) as [number, number];
  if (badness !== worstBadness) return badness > worstBadness;
  return (
    health.checked_at > worst.checked_at && JSON.stringify(health.metrics) !== JSON.stringify(worst.metrics)
  );
}
