import { setTimeout as delay } from 'node:timers/promises';
import { databaseErrorKind } from '../database/database-error-kind';
import type { TenantDatabase, TenantTx } from '../database/tenant-database';
import { UnavailableError } from '../errors/unavailable.error';
import { KeyLostError } from '../idempotency/key-lost.error';
import type { Tenant } from '../tenancy/tenant';
import type { FlowContext } from './flow-context';
import type { GivenItem } from './given-item';
import { CHUNK_IDLE_MS } from './lease';
import { type PersistedItems, persistItems } from './persist-items';

/** How long the database may be away while a caller waits for its answer. */
const OUTAGE_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const STATEMENT_MS = 30_000;

/**
 * One chunk of a given list, persisted once even when the connection is lost while it commits and nobody knows whether
 * it did. Its assets keep their ids through all attempts: an attempt that finds them there takes them for its own, and
 * one that comes too early to find them cannot write them a second time.
 */
export class GivenChunk {
  /** What attempts made whose COMMIT was never answered. At most one of them is in the database, now or soon. */
  private readonly unanswered: PersistedItems[] = [];
  /** What the attempt under way has made, once nothing but its COMMIT is left. */
  private made: PersistedItems | null = null;
  private outageSince: number | null = null;
  private pauses = 0;

  constructor(
    private readonly database: TenantDatabase,
    private readonly tenant: Tenant,
    private readonly flow: FlowContext,
    private readonly items: readonly GivenItem[],
  ) {}

  /**
   * Attempts the chunk until the database is there, for about ten seconds.
   * @param keep is called last in the transaction of each attempt that makes something.
   * @throws UnavailableError when the database stays away, and the attempt's own error when it certainly failed.
   */
  async persist(keep: (tx: TenantTx, made: PersistedItems) => Promise<void>): Promise<PersistedItems> {
    for (;;) {
      this.made = null;
      try {
        return await this.database.transaction(this.tenant, async (tx) => {
          // An attempt whose connection is lost must not hold its rows for longer than the next ones wait for them.
          await tx.limit({ statement_ms: STATEMENT_MS, idle_ms: CHUNK_IDLE_MS });
          const made = await persistItems(tx, this.flow, this.items, this.unanswered);
          if (this.unanswered.includes(made)) return made;
          await keep(tx, made);
          this.made = made;
          return made;
        });
      } catch (error) {
        await this.mayTryAgain(error);
      }
    }
  }

  private async mayTryAgain(error: unknown): Promise<void> {
    if (error instanceof KeyLostError) throw error;
    const kind = databaseErrorKind(error);
    // Whatever else than a refusal by the database ends a COMMIT leaves open what became of it.
    if (this.made !== null && (kind === 'unavailable' || kind === null)) this.unanswered.push(this.made);
    // While an earlier attempt may be in the database, this one's own failure decides nothing.
    else if (kind !== 'unavailable' && this.unanswered.length === 0) throw error;

    this.outageSince ??= performance.now();
    if (performance.now() - this.outageSince > OUTAGE_MS) {
      throw new UnavailableError(
        this.unanswered.length === 0
          ? 'The database cannot be reached; nothing of the chunk was written.'
          : 'The connection to the database was lost; whether the chunk was written is not known.',
      );
    }
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.pauses++, LONGEST_PAUSE_MS);
    await delay(longest * Math.random());
  }
}
