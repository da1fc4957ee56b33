import { Injectable, Logger } from '@nestjs/common';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { NotFoundError } from '../errors/not-found.error';
import { cappedPageSize, MAX_PAGE_SIZE, type Page, pageOf } from '../http/page';
import type { Tenant } from '../tenancy/tenant';
import { Asset } from './asset.entity';
import { AssetTotals } from './asset-totals.service';
import type { ListAssetsQuery } from './dto/list-assets.query';
import { findFlowKey } from './queries/find-flow-key';
import { listAssets } from './queries/list-assets';

@Injectable()
export class AssetsService {
  private readonly logger = new Logger(AssetsService.name);

  constructor(
    private readonly database: TenantDatabase,
    private readonly totals: AssetTotals,
  ) {}

  /**
   * @returns a page of assets, each as its JSON text.
   * @throws NotFoundError when `flow_id` is no flow of the tenant, or `after` no asset of it.
   */
  async list(tenant: Tenant, query: ListAssetsQuery): Promise<Page<string>> {
    const limit = cappedPageSize(query.page_size);
    if (limit < query.page_size) {
      this.logger.warn(`page size ${query.page_size} exceeds the maximum, capped at ${MAX_PAGE_SIZE}`);
    }
    const slice = await this.database.snapshot(tenant, async (tx) => {
      const discovery_flow_id = query.flow_id === undefined ? null : await findFlowKey(tx, query.flow_id);
      if (query.flow_id !== undefined && discovery_flow_id === null) {
        throw new NotFoundError(`There is no discovery flow ${query.flow_id}.`);
      }
      const { after = null } = query;
      if (after !== null) await requireAsset(tx, after);
      const [rows, total] = await Promise.all([
        listAssets(tx, { discovery_flow_id, after, limit, offset: (query.page - 1) * limit }),
        this.totals.total(tx, discovery_flow_id),
      ]);
      return { rows, total };
    });
    return pageOf(query, slice);
  }

  /** A deleted asset is hidden from lists alone: whoever has its id still sees it, with `deleted_at`. */
  get(tenant: Tenant, id: string): Promise<Asset> {
    return this.database.snapshot(tenant, (tx) => requireAsset(tx, id));
  }
}

async function requireAsset(tx: TenantTx, id: string): Promise<Asset> {
  const asset = await tx.findOne(Asset, { id });
  if (!asset) throw new NotFoundError(`There is no asset ${id}.`);
  return asset;
}
