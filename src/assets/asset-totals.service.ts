import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TenantTx } from '../database/tenant-database';
import { countAssets } from './queries/count-assets';
import { isSettled } from './queries/is-settled';
import { readWalPosition } from './queries/read-wal-position';
import { tellsWalPosition } from './queries/tells-wal-position';

/** Totals that are kept at most; the one kept longest goes first. */
const MAX_KEPT = 10_000;

interface KeptTotal {
  position: string;
  total: number;
  /** Counts up with each total that is kept: which came before a snapshot. */
  age: number;
}

/** What was known before a snapshot was taken. */
interface Before {
  settledAt: string | null;
  age: number;
}

/**
 * How many assets a list has. A total is counted once and is right for as long as nobody writes anything on the server,
 * which its write-ahead log tells: it is exact at every moment, whoever writes, and where nobody does a page costs no count.
 *
 * What a count is kept under was read before its snapshot was taken, first the position and then that no transaction was
 * under way: so the snapshot shows all that was written up to that position, and all that it does not show lies behind it.
 */
@Injectable()
export class AssetTotals implements OnModuleInit {
  private readonly kept = new Map<string, KeptTotal>();
  private readonly underWay = new Map<string, Promise<number>>();
  /** The last position behind which everything was seen to be settled. */
  private settledAt: string | null = null;
  private age = 0;
  private isTold = false;

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    this.isTold = await tellsWalPosition(this.dataSource);
  }

  /** To be called before the transaction begins, for what was known by then. @returns what counts in its one snapshot. */
  beforeSnapshot(): (tx: TenantTx, discovery_flow_id: string | null) => Promise<number> {
    const before = { settledAt: this.settledAt, age: this.age };
    return (tx, discovery_flow_id) => this.total(tx, discovery_flow_id, before);
  }

  private async total(tx: TenantTx, discovery_flow_id: string | null, before: Before): Promise<number> {
    if (!this.isTold) return countAssets(tx, discovery_flow_id);
    const { client_account_id, engagement_id } = tx.tenant;
    const key = `${client_account_id} ${engagement_id} ${discovery_flow_id ?? ''}`;
    const position = await readWalPosition(tx);
    const known = this.kept.get(key);
    if (known?.position === position && known.age <= before.age) return known.total;
    if (before.settledAt !== position) {
      // First, for those who come while this one counts.
      this.settledAt = (await isSettled(tx)) ? position : null;
      return countAssets(tx, discovery_flow_id);
    }
    const total = await this.counted(`${key} ${position}`, () => countAssets(tx, discovery_flow_id));
    this.keep(key, { position, total, age: ++this.age });
    return total;
  }

  /** Snapshots that show all that was written up to the same position are the same: one of them is counted for all. */
  private async counted(snapshot: string, count: () => Promise<number>): Promise<number> {
    const underWay = this.underWay.get(snapshot);
    // Whoever counts may be cut off, which is no fault of those who wait for it.
    if (underWay) return underWay.catch(count);
    const counting = count().finally(() => this.underWay.delete(snapshot));
    this.underWay.set(snapshot, counting);
    return counting;
  }

  private keep(key: string, total: KeptTotal): void {
    // Whoever counts at the same time must not make it younger: those under way could not use it, and would count as well.
    if (this.kept.get(key)?.position === total.position) return;
    this.kept.delete(key);
    this.kept.set(key, total);
    const oldest = this.kept.keys().next();
    if (this.kept.size > MAX_KEPT && oldest.done !== true) this.kept.delete(oldest.value);
  }
}
