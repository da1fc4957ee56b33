import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Asset } from '../assets/asset.entity';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { DiscoveryFlow } from '../discovery-flows/discovery-flow.entity';
import { MasterFlow } from '../discovery-flows/master-flow.entity';
import { NotFoundError } from '../errors/not-found.error';
import { DataImport } from '../raw-imports/data-import.entity';
import { RawImportRecord } from '../raw-imports/raw-import-record.entity';
import type { Tenant } from '../tenancy/tenant';
import type { Lineage, LinkState } from './lineage';

@Injectable()
export class LineageService {
  constructor(private readonly database: TenantDatabase) {}

  /** All look-ups see one snapshot, each is by a unique index, and each stays inside the tenant. */
  ofAsset(tenant: Tenant, id: string): Promise<Lineage> {
    return this.database.snapshot(tenant, async (tx) => {
      const asset = await tx.findOne(Asset, { id });
      if (!asset) throw new NotFoundError(`There is no asset ${id}.`);
      const raw = await recordOf(tx, asset);
      const data_import = raw?.data_import_id
        ? await tx.findOne(DataImport, { id: raw.data_import_id })
        : null;
      const flow = asset.discovery_flow_id
        ? await tx.findOne(DiscoveryFlow, { id: asset.discovery_flow_id })
        : null;
      const master = asset.master_flow_id
        ? await tx.findOne(MasterFlow, { flow_id: asset.master_flow_id })
        : null;
      return {
        asset,
        raw_import_record: raw,
        data_import,
        discovery_flow: flow,
        master_flow: master,
        links: {
          raw_import_record: link(raw?.id === asset.raw_import_records_id, raw?.asset_id === asset.id),
          // One pointer serves both ways here: the import finds its rows, and the flow its assets, by the same key.
          data_import: link(data_import !== null, data_import !== null),
          discovery_flow: link(flow !== null, flow !== null),
          master_flow: link(master !== null, master !== null && flow?.master_flow_id === master.flow_id),
        },
      };
    });
  }
}

/** The record that the asset names; when it names none, one that names the asset (idx_raw_import_tenant_processed). */
async function recordOf(tx: TenantTx, asset: Asset): Promise<RawImportRecord | null> {
  if (asset.raw_import_records_id) return tx.findOne(RawImportRecord, { id: asset.raw_import_records_id });
  return tx.findOne(RawImportRecord, { is_processed: In([true, false]), asset_id: asset.id });
}

function link(forward: boolean, backward: boolean): LinkState {
  return { forward, backward, holds: forward && backward };
}
