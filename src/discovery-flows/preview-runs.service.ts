import { Inject, Injectable } from '@nestjs/common';
import { decideRows, type RowVerdict } from '../asset-identity/decide-rows';
import { identityKey } from '../asset-identity/identity-keys';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { compileRowMapper } from '../field-mapping/map-row';
import type { SourceProfile } from '../field-mapping/source-profile';
import { DataImport } from '../raw-imports/data-import.entity';
import { Slots } from '../concurrency/slots';
import { profileOf, SOURCE_PROFILES } from '../source-profiles/source-profiles';
import type { Tenant } from '../tenancy/tenant';
import type { RunPreview } from './dto/run-preview';
import type { StartRunRequest } from './dto/start-run.request';
import { mappingsInFileOrder } from './mappings-in-file-order';
import { PreviewSamples } from './preview-samples';
import { idOfRow, RowsToBe } from './rows-to-be';
import { findKnownAssets } from './queries/find-known-assets';
import { listPendingRows } from './queries/list-pending-rows';
import { listSampleRows } from './queries/list-sample-rows';
import { requireFlow } from './require-flow';
import { requireRunnable } from './require-runnable';

const ROWS_AT_A_TIME = 1000;
/** Each remembers the keys of its rows, about 200 bytes a key: 300 MB for 400,000 rows that have all four. */
const PREVIEWS_AT_A_TIME = 1;

/** Tells what a run would do, by the same decisions on the same rows, and writes nothing. */
@Injectable()
export class PreviewRuns {
  private readonly slots = new Slots(PREVIEWS_AT_A_TIME);

  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(SOURCE_PROFILES) private readonly profiles: readonly SourceProfile[],
  ) {}

  /** @throws ConflictError when the flow cannot be run over. */
  preview(tenant: Tenant, flow_id: string, request: StartRunRequest): Promise<RunPreview> {
    return this.slots.use(() => this.database.snapshot(tenant, (tx) => this.walk(tx, flow_id, request)));
  }

  private async walk(tx: TenantTx, flow_id: string, request: StartRunRequest): Promise<RunPreview> {
    const flow = await requireFlow(tx, flow_id);
    const data_import_id = requireRunnable(flow);
    const data_import = await tx.findOne(DataImport, { id: data_import_id });
    const mapRow = compileRowMapper(
      mappingsInFileOrder(flow.field_mappings, data_import?.columns ?? []),
      await listSampleRows(tx, data_import_id),
      profileOf(data_import?.source ?? null, this.profiles),
    );
    const rule = this.settings.ASSET_IDENTITY_RULE;
    const policy = request.conflict_policy ?? 'keep_existing';
    const toBe = new RowsToBe(tx, { data_import_id, rule, mapRow });
    const samples = new PreviewSamples();
    const count: Record<RowVerdict['fate'], number> = { created: 0, duplicate: 0, conflict: 0, rejected: 0 };

    for (let after_row = 0; ;) {
      const pending = await listPendingRows(tx, { data_import_id, after_row, limit: ROWS_AT_A_TIME });
      const rows = pending.map(({ id, row_number, raw_data }) => ({
        id,
        row_number,
        mapped: mapRow(raw_data),
      }));
      for (let decided = 0; decided < rows.length;) {
        const rest = rows.slice(decided);
        const keys = rest.flatMap(({ mapped }) => identityKey(rule, mapped.fields) ?? []);
        const known = await findKnownAssets(tx, keys, toBe.changed);
        await toBe.recall(keys, known);
        const newId = ({ row_number }: { row_number: number }) => idOfRow(row_number);
        const verdicts = decideRows(rest, known, { rule, policy, newId });
        toBe.remember(verdicts);
        for (const verdict of verdicts) {
          count[verdict.fate]++;
          samples.take(verdict);
        }
        decided += verdicts.length;
      }
      const last = pending.at(-1);
      if (!last || pending.length < ROWS_AT_A_TIME) break;
      after_row = last.row_number;
    }
    return this.report(count, samples, request);
  }

  private report(
    count: Record<RowVerdict['fate'], number>,
    samples: PreviewSamples,
    request: StartRunRequest,
  ): RunPreview {
    const total_records = count.created + count.duplicate + count.conflict + count.rejected;
    return {
      dry_run: true,
      total_records,
      created: count.created,
      linked: count.created,
      duplicates: count.duplicate,
      conflicts: count.conflict,
      rejected: count.rejected,
      chunks_total: Math.ceil(total_records / (request.chunk_size ?? this.settings.ASSET_BATCH_CHUNK_SIZE)),
      samples: samples.taken,
    };
  }
}
