import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import type { Tenant } from '../tenancy/tenant';
import { createAssetsFromDiscovery, type DiscoveredAsset } from './create-assets-from-discovery';
import { describeFailure } from './describe-failure';
import { discoveredAssets } from './discovered-assets';
import type { PersistAssetsRequest } from './dto/persist-assets.request';
import type { ChunkOutcome, ItemProblem, PersistAssetsResponse } from './dto/persist-assets.response';
import type { FlowContext } from './flow-context';
import { findRecordStates } from './queries/find-record-states';
import { getMasterFlowId } from './queries/get-master-flow-id';
import { requireFlow } from './require-flow';
import { withTries } from './with-tries';

interface Item {
  index: number;
  asset: DiscoveredAsset;
}

const SKIPS = {
  raw_record_named_twice: 'An earlier item names the same raw record.',
  raw_record_not_found: 'There is no such raw record.',
  raw_record_already_linked: 'The raw record is linked to an asset already.',
  raw_record_already_decided: 'The fate of the raw record is decided already.',
} as const;

type SkipCode = keyof typeof SKIPS;

/** Persists a given list of assets in chunks, each a transaction of its own, while the caller waits. */
@Injectable()
export class PersistAssetsService {
  private readonly logger = new Logger(PersistAssetsService.name);

  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @throws the first chunk's own error when nothing was committed or skipped; InvalidInputError before anything is
   * written when an item is malformed.
   */
  async persist(
    tenant: Tenant,
    flow_id: string,
    request: PersistAssetsRequest,
  ): Promise<PersistAssetsResponse> {
    const assets = discoveredAssets(request.discovered_assets);
    const flow = await this.database.snapshot(tenant, (tx) => flowContext(tx, flow_id));
    const items = assets.map((asset, index) => ({ index, asset }));
    const namedTwice = repeatedRecords(items);
    const size = this.settings.ASSET_BATCH_CHUNK_SIZE;
    const chunks: ChunkOutcome[] = [];
    const problems: ItemProblem[] = [];
    let firstFailure: unknown = null;

    for (let start = 0; start < items.length; start += size) {
      const chunk = chunks.length + 1;
      if (firstFailure !== null && this.settings.ASSET_CHUNK_RETRY_POLICY !== 'skip') {
        chunks.push({ chunk, created: 0, linked: 0, skipped: 0, status: 'not_attempted' });
        continue;
      }
      const part = items.slice(start, start + size);
      try {
        const { created, linked, skipped } = await withTries(
          this.settings,
          this.settings.ASSET_CHUNK_RETRY_POLICY,
          () => this.database.transaction(tenant, (tx) => persistItems(tx, flow, part, namedTwice)),
        );
        problems.push(...skipped);
        chunks.push({ chunk, created, linked, skipped: skipped.length, status: 'committed' });
      } catch (error) {
        firstFailure ??= error;
        this.logger.error({ err: error, flow_id, chunk }, 'chunk failed');
        const message = describeFailure(error);
        problems.push(...part.map(({ index }) => ({ index, code: 'chunk_failed', message })));
        chunks.push({ chunk, created: 0, linked: 0, skipped: 0, status: 'failed', error: message });
      }
    }

    if (firstFailure !== null && chunks.every(({ status }) => status !== 'committed'))
      throw firstFailure as Error;
    return {
      total_created: total(chunks, 'created'),
      total_linked: total(chunks, 'linked'),
      total_skipped: total(chunks, 'skipped'),
      chunks,
      items: problems,
    };
  }
}

async function flowContext(tx: TenantTx, flow_id: string): Promise<FlowContext> {
  const { id, field_mappings_hash } = await requireFlow(tx, flow_id);
  return { id, flow_id, field_mappings_hash, master_flow_id: await getMasterFlowId(tx, id) };
}

async function persistItems(
  tx: TenantTx,
  flow: FlowContext,
  items: readonly Item[],
  namedTwice: ReadonlySet<number>,
) {
  const ids = items.flatMap(({ asset }) => asset.raw_import_record_id ?? []);
  const records = new Map((await findRecordStates(tx, ids)).map((record) => [record.id, record]));
  const assets: DiscoveredAsset[] = [];
  const skipped: ItemProblem[] = [];
  for (const { index, asset } of items) {
    const code = skipCode(asset, index);
    if (code === null) assets.push(asset);
    else skipped.push({ index, code, message: SKIPS[code] });
  }
  return {
    ...(await createAssetsFromDiscovery(tx, flow, assets, { run_id: null, at: new Date() })),
    skipped,
  };

  function skipCode({ raw_import_record_id }: DiscoveredAsset, index: number): SkipCode | null {
    if (raw_import_record_id === null) return null;
    if (namedTwice.has(index)) return 'raw_record_named_twice';
    const record = records.get(raw_import_record_id);
    if (!record) return 'raw_record_not_found';
    if (record.asset_id !== null) return 'raw_record_already_linked';
    return record.is_processed ? 'raw_record_already_decided' : null;
  }
}

/** Positions of the items that name a raw record which an earlier item names. */
function repeatedRecords(items: readonly Item[]): Set<number> {
  const seen = new Set<string>();
  const repeated = new Set<number>();
  for (const { index, asset } of items) {
    const id = asset.raw_import_record_id;
    if (id === null) continue;
    if (seen.has(id)) repeated.add(index);
    seen.add(id);
  }
  return repeated;
}

function total(chunks: readonly ChunkOutcome[], count: 'created' | 'linked' | 'skipped'): number {
  return chunks.reduce((sum, chunk) => sum + chunk[count], 0);
}
