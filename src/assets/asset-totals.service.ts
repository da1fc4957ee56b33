import { Injectable } from '@nestjs/common';
import type { TenantTx } from '../database/tenant-database';
import { countAssets } from './queries/count-assets';
import { readSnapshot } from './queries/read-snapshot';

/** Totals that are kept at most; the one kept longest goes first. */
const MAX_KEPT = 10_000;

interface KeptTotal {
  snapshot: string;
  /** Counted, or being counted for all who ask meanwhile. */
  total: Promise<number>;
}

/**
 * How many assets a list has. A total is counted once and holds for every snapshot that shows the same transactions: it is
 * exact at every moment, whoever writes, and where nobody does a page costs no count.
 */
@Injectable()
export class AssetTotals {
  private readonly kept = new Map<string, KeptTotal>();

  /** @param tx a snapshot, of which the total is. */
  async total(tx: TenantTx, discovery_flow_id: string | null): Promise<number> {
    const count = () => countAssets(tx, discovery_flow_id);
    const snapshot = await readSnapshot(tx);
    if (snapshot === null) return count();
    const { client_account_id, engagement_id } = tx.tenant;
    const key = `${client_account_id} ${engagement_id} ${discovery_flow_id ?? ''}`;
    const known = this.kept.get(key);
    // Whoever counts may be cut off, which is no fault of those who wait for it.
    if (known?.snapshot === snapshot) return known.total.catch(count);
    const total = count();
    this.keep(key, { snapshot, total });
    return total;
  }

  private keep(key: string, kept: KeptTotal): void {
    this.kept.delete(key);
    this.kept.set(key, kept);
    kept.total.catch(() => {
      if (this.kept.get(key) === kept) this.kept.delete(key);
    });
    const oldest = this.kept.keys().next();
    if (this.kept.size > MAX_KEPT && oldest.done !== true) this.kept.delete(oldest.value);
  }
}
