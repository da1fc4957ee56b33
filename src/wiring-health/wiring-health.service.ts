import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings';
import { ProbeDatabase } from '../database/probe-database';
import type { Tenant } from '../tenancy/tenant';
import { type ComputedHealth, computeHealth, type HealthOptions } from './compute-health';
import type { WiringHealth } from './dto/wiring-health';
import { HealthHistoryService } from './health-history.service';

/** Tenants whose answers are kept at most; the one kept longest goes first. */
const MAX_CACHED = 10_000;

/** What a probe is told. */
interface HealthAnswer {
  health_status: WiringHealth['health_status'];
  /** A `WiringHealth`, in JSON. */
  text: string;
}

interface CachedHealth {
  health_status: WiringHealth['health_status'];
  /** The answer in JSON as far as it does not change with its age: up to `cached`. */
  text: string;
  /** Monotonic, in milliseconds: the age of an answer must not follow corrections of the clock. */
  computedAt: number;
}

@Injectable()
export class WiringHealthService {
  private readonly logger = new Logger(WiringHealthService.name);
  private readonly cache = new Map<string, CachedHealth>();
  private readonly underWay = new Map<string, Promise<ComputedHealth>>();

  constructor(
    private readonly database: ProbeDatabase,
    private readonly history: HealthHistoryService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The tenant's health, kept for WIRING_HEALTH_CACHE_TTL_SECONDS per tenant and kind of question. Requests for the
   * same answer at the same time share one computation. A check that cannot be done is `unknown`, never healthy,
   * and is not kept.
   */
  async check(tenant: Tenant, options: HealthOptions & { refresh: boolean }): Promise<HealthAnswer> {
    const key = `${tenant.client_account_id} ${tenant.engagement_id} ${options.detail} ${options.scan}`;
    const cached = options.refresh ? undefined : this.cached(key);
    if (cached) {
      const age = Math.round((performance.now() - cached.computedAt) / 100) / 10;
      const { health_status, text } = cached;
      return { health_status, text: `${text},"cached":true,"cache_age_seconds":${age}}` };
    }
    try {
      const health = await this.shared(key, tenant, options);
      return answer({ ...health, cached: false, cache_age_seconds: 0 });
    } catch (error) {
      this.logger.error({ err: error }, 'the wiring health could not be checked');
      return answer({
        health_status: 'unknown',
        tenant,
        metrics: null,
        checks: [],
        samples: null,
        cached: false,
        cache_age_seconds: 0,
        checked_at: new Date(),
      });
    }
  }

  private cached(key: string): CachedHealth | undefined {
    const entry = this.cache.get(key);
    const ttl = this.settings.WIRING_HEALTH_CACHE_TTL_SECONDS * 1000;
    return entry && performance.now() - entry.computedAt < ttl ? entry : undefined;
  }

  private shared(
    key: string,
    tenant: Tenant,
    options: HealthOptions & { refresh: boolean },
  ): Promise<ComputedHealth> {
    // A refresh does not join a computation that may have begun before what its caller wants to see.
    const slot = `${key} ${options.refresh}`;
    const running = this.underWay.get(slot);
    if (running) return running;
    const computation = this.compute(key, tenant, options).finally(() => this.underWay.delete(slot));
    this.underWay.set(slot, computation);
    return computation;
  }

  private async compute(key: string, tenant: Tenant, options: HealthOptions): Promise<ComputedHealth> {
    const computedAt = performance.now();
    const health = await this.database.snapshot(tenant, (tx) => computeHealth(tx, options));
    this.history.keep(health);
    const kept = this.cache.get(key);
    // A slow computation must not replace the answer of one that began after it.
    if (!kept || kept.computedAt < computedAt) {
      this.cache.delete(key);
      const text = JSON.stringify(health).slice(0, -1);
      this.cache.set(key, { health_status: health.health_status, text, computedAt });
      const oldest = this.cache.keys().next();
      if (this.cache.size > MAX_CACHED && oldest.done !== true) this.cache.delete(oldest.value);
    }
    return health;
  }
}

function answer(health: WiringHealth): HealthAnswer {
  return { health_status: health.health_status, text: JSON.stringify(health) };
}
