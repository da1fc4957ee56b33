import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AssetPage } from '../../src/assets/dto/asset-page';
import type { Lineage } from '../../src/lineage/lineage';
import type { WiringHealth } from '../../src/wiring-health/dto/wiring-health';
import { Api } from '../client/api';
import { healthTable } from '../client/health-table';
import { curlLines } from './curl-lines';
import { importInventory } from './import-inventory';
import { inventoriesTable } from './inventories-table';
import { lineageLines } from './lineage-lines';
import { samplesFolder } from './samples-folder';

const CLIENT_ACCOUNT_ID = 'de300000-0000-4000-8000-000000000001';

const SAMPLES = [
  { name: 'cmdb-servers-frankfurt.csv', mediaType: 'text/csv' },
  {
    name: 'rvtools-vcenter-muc.xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  { name: 'agents-aws.ndjson', mediaType: 'application/x-ndjson' },
] as const;

interface Options {
  /** Of the service that the demo uses. */
  origin: string;
  /** Of the one that `npm start` will serve. */
  laterOrigin: string;
  signal: AbortSignal;
}

/**
 * Imports the samples, turns their rows into assets and shows what came of it.
 * @throws Error when anything fails, or when the wiring is not healthy in the end.
 */
export async function showMainJob({ origin, laterOrigin, signal }: Options): Promise<void> {
  // The same bytes again in the same tenant would be answered with the first import, so each demo is an engagement of its own.
  const tenant = { client_account_id: CLIENT_ACCOUNT_ID, engagement_id: randomUUID() };
  const api = new Api(origin, tenant, signal);

  const inventories = [];
  for (const { name, mediaType } of SAMPLES) {
    inventories.push(await importInventory(api, { file: join(samplesFolder(), name), mediaType }));
  }
  console.log(`\n${inventoriesTable(inventories)}`);

  const health = await api.get<WiringHealth>('/health/wiring?refresh=true');
  console.log(`\nWiring health: ${health.health_status}\n${healthTable(health)}`);
  if (health.health_status !== 'healthy') throw new Error(`the wiring is ${health.health_status}`);

  const { data: assets } = await api.get<AssetPage>('/unified-discovery/assets?page_size=1');
  const [asset] = assets;
  const [first] = inventories;
  if (!asset || !first) throw new Error('no asset was made');
  const lineage = await api.get<Lineage>(`/unified-discovery/assets/${asset.id}/lineage`);
  console.log(`\n${lineageLines(lineage)}`);

  console.log('\nTo go on: `npm start`, and in another terminal');
  const ids = { asset_id: asset.id, data_import_id: first.data_import.id };
  for (const line of curlLines({ origin: laterOrigin, tenant, ...ids })) console.log(`  ${line}`);
}
