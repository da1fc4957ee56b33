import { Inject, Injectable, Logger } from '@nestjs/common';
import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { UnavailableError } from '../errors/unavailable.error';
import { KeyLostError } from '../idempotency/key-lost.error';
import type { Steps } from '../idempotency/steps';
import type { Tenant } from '../tenancy/tenant';
import { describeFailure } from '../errors/describe-failure';
import { discoveredAssets } from './discovered-assets';
import type { PersistAssetsRequest } from './dto/persist-assets.request';
import type { ChunkOutcome, PersistAssetsResponse } from './dto/persist-assets.response';
import type { FlowContext } from './flow-context';
import { GivenChunk } from './given-chunk';
import { givenItems } from './given-items';
import type { GivenListProgress } from './given-list-progress';
import type { PersistedItems } from './persist-items';
import { getMasterFlowId } from './queries/get-master-flow-id';
import { requireFlow } from './require-flow';
import { withTries } from './with-tries';

/** Persists a given list of assets in chunks, each a transaction of its own, while the caller waits. */
@Injectable()
export class PersistAssetsService {
  private readonly logger = new Logger(PersistAssetsService.name);

  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @param steps where the chunks so far are kept. A list that another process began goes on after its last chunk.
   * @throws the first chunk's own error when nothing was committed or skipped; InvalidInputError before anything is
   * written when an item is malformed; UnavailableError when the database stays away from a list that can be resumed.
   */
  async persist(
    tenant: Tenant,
    actor: Actor,
    flow_id: string,
    request: PersistAssetsRequest,
    steps: Steps<GivenListProgress>,
  ): Promise<PersistAssetsResponse> {
    const items = givenItems(discoveredAssets(request.discovered_assets));
    const flow = await this.database.snapshot(tenant, (tx) => flowContext(tx, flow_id));
    const policy = this.settings.ASSET_CHUNK_RETRY_POLICY;
    let list: GivenListProgress = steps.progress ?? {
      chunk_size: this.settings.ASSET_BATCH_CHUNK_SIZE,
      chunks: [],
      items: [],
    };
    let firstFailure: unknown = null;
    let isStopped = false;

    for (let start = list.chunks.length * list.chunk_size; start < items.length; start += list.chunk_size) {
      const chunk = list.chunks.length + 1;
      if (isStopped) {
        list = added(list, { chunk, created: 0, linked: 0, skipped: 0, status: 'not_attempted' });
        continue;
      }
      const part = items.slice(start, start + list.chunk_size);
      const attempts = new GivenChunk(this.database, tenant, flow, part);
      const before = list;
      try {
        const made = await withTries(this.settings, policy, () =>
          attempts.persist(async (tx, made) => {
            await recordMade(tx, actor, { flow_id, chunk, made });
            await steps.keep(tx, committed(before, chunk, made));
          }),
        );
        list = committed(list, chunk, made);
      } catch (error) {
        const isAway = error instanceof UnavailableError;
        // Its successor has the list, or the next request goes on with it and learns what became of this chunk.
        if (error instanceof KeyLostError || (isAway && steps.isKept)) throw error;
        firstFailure ??= error;
        isStopped = isAway || policy !== 'skip';
        this.logger.error({ err: error, flow_id, chunk }, 'chunk failed');
        const message = describeFailure(error);
        list = added(
          list,
          { chunk, created: 0, linked: 0, skipped: 0, status: 'failed', error: message },
          part.map(({ index }) => ({ index, code: 'chunk_failed', message })),
        );
      }
    }

    const { chunks, items: problems } = list;
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

/** In the chunk's own transaction: whatever of a list a dead process leaves behind has been audited. */
async function recordMade(
  tx: TenantTx,
  actor: Actor,
  { flow_id, chunk, made }: { flow_id: string; chunk: number; made: PersistedItems },
): Promise<void> {
  const { created, linked, skipped } = made;
  if (created.length === 0) return;
  await recordAuditEvent(tx, {
    actor,
    action: 'assets.persisted',
    target_type: 'discovery_flow',
    target_id: flow_id,
    counts: { chunk, created: created.length, linked, skipped: skipped.length },
  });
}

function committed(
  list: GivenListProgress,
  chunk: number,
  { created, linked, skipped }: PersistedItems,
): GivenListProgress {
  const counts = { created: created.length, linked, skipped: skipped.length };
  return added(list, { chunk, ...counts, status: 'committed' }, skipped);
}

function added(
  list: GivenListProgress,
  chunk: ChunkOutcome,
  problems: GivenListProgress['items'] = [],
): GivenListProgress {
  return { ...list, chunks: [...list.chunks, chunk], items: [...list.items, ...problems] };
}

function total(chunks: readonly ChunkOutcome[], count: 'created' | 'linked' | 'skipped'): number {
  return chunks.reduce((sum, chunk) => sum + chunk[count], 0);
}
