import { DataSource, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Asset } from '../../src/assets/asset.entity';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { DiscoveryFlow } from '../../src/discovery-flows/discovery-flow.entity';
import { RawImportRecord } from '../../src/raw-imports/raw-import-record.entity';
import type { Tenant } from '../../src/tenancy/tenant';

const CHUNK = 500;

/**
 * As an application with TypeORM is usually written: a chunk of records is found, its assets are saved by their
 * repository, and each record is updated with the id of its asset, in one transaction. Nothing is checked or cleansed.
 */
export async function saveAndUpdate(url: string, tenant: Tenant): Promise<void> {
  const dataSource = new DataSource(
    dataSourceOptions(url, { poolSize: 1, entities: [Asset, RawImportRecord, DiscoveryFlow] }),
  );
  await dataSource.initialize();
  try {
    const flow = await dataSource.getRepository(DiscoveryFlow).findOneByOrFail({ ...tenant });
    let made: number;
    do {
      made = await dataSource.transaction(async (manager) => {
        const records = manager.getRepository(RawImportRecord);
        const assets = manager.getRepository(Asset);
        const pending = await records.find({
          where: { ...tenant, asset_id: IsNull() },
          order: { row_number: 'ASC' },
          take: CHUNK,
        });
        const at = new Date();
        const saved = await assets.save(
          pending.map((record) =>
            assets.create({
              ...tenant,
              id: uuidv7(),
              raw_import_records_id: record.id,
              name: record.raw_data.Hostname,
              hostname: record.raw_data.Hostname,
              ip_address: record.raw_data['IP Address'],
              asset_type: 'server',
              status: 'discovered',
              environment: 'production',
              cpu_cores: Number(record.raw_data['CPU Cores']),
              memory_gb: Number(record.raw_data['RAM (GB)']),
              custom_attributes: { Rack: record.raw_data.Rack },
              discovery_flow_id: flow.id,
              flow_id: flow.flow_id,
              master_flow_id: flow.master_flow_id,
              discovery_method: 'flow_based',
              discovery_source: 'Discovery Flow',
              created_at: at,
              updated_at: at,
            }),
          ),
        );
        for (const asset of saved) {
          await records.update(
            { ...tenant, id: asset.raw_import_records_id ?? '' },
            {
              asset_id: asset.id,
              is_processed: true,
              fate: 'created',
              processed_at: at,
              updated_at: at,
              processing_notes: `Linked to: ${asset.name}`,
              master_flow_id: flow.master_flow_id,
              cleansed_data: { name: asset.name, hostname: asset.name, environment: 'production' },
            },
          );
        }
        return pending.length;
      });
    } while (made > 0);
  } finally {
    await dataSource.destroy();
  }
}
