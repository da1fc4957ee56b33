import { v7 as uuidv7 } from 'uuid';
import type { TenantTx } from '../../database/tenant-database';

interface ApprovedMappings {
  data_import_id: string;
  /** Public id of the flow, and so of its master flow. */
  flow_id: string;
  mappings: Readonly<Record<string, string>>;
  at: Date;
}

/**
 * Records which mappings were chosen for an import: a suggestion that was chosen becomes approved, every other one
 * rejected, and a pair that was never suggested is added as manual. `master_flow_id` refers to the master flow's
 * `id` here, in this one table. Served by uq_import_field_mappings_pair.
 */
export async function approveMappings(
  tx: TenantTx,
  { data_import_id, flow_id, mappings, at }: ApprovedMappings,
): Promise<void> {
  const sources = Object.keys(mappings);
  const targets = Object.values(mappings);
  await tx.execute(
    `UPDATE migration.import_field_mappings SET status = 'rejected', updated_at = $4
      WHERE client_account_id = $1 AND engagement_id = $2 AND data_import_id = $3`,
    [data_import_id, at],
  );
  await tx.execute(
    `INSERT INTO migration.import_field_mappings
       (client_account_id, engagement_id, id, data_import_id, master_flow_id, source_field, target_field, match_type,
        confidence_score, status, created_at, updated_at)
     SELECT $1, $2, c.id, $3, m.id, c.source_field, c.target_field, 'manual', 1, 'approved', $5, $5
       FROM unnest($6::uuid[], $7::text[], $8::text[]) AS c (id, source_field, target_field)
       JOIN migration.crewai_flow_state_extensions m
         ON m.client_account_id = $1 AND m.engagement_id = $2 AND m.flow_id = $4
     ON CONFLICT (client_account_id, engagement_id, data_import_id, source_field, target_field) DO UPDATE
        SET status = 'approved', master_flow_id = excluded.master_flow_id, updated_at = excluded.updated_at`,
    [data_import_id, flow_id, at, sources.map(() => uuidv7()), sources, targets],
  );
}
