import type { TenantTx } from '../../database/tenant-database';
import type { MappedFields } from '../../field-mapping/mapped-row';
import { ASSET_COLUMN_TYPES, ASSET_COLUMNS } from './asset-columns';

const FIRST_FIELD = 6;

// The tenant's other runs wait for the identity lock, and nobody else changes these columns. Served by pk_assets.
const SQL = `
  UPDATE migration.assets a
     SET ${ASSET_COLUMNS.map((column) => `${column} = n.${column}`).join(', ')},
         custom_attributes = n.custom_attributes, updated_at = $3
    FROM unnest($4::uuid[], $5::jsonb[],
                ${ASSET_COLUMNS.map((column, i) => `$${FIRST_FIELD + i}::${ASSET_COLUMN_TYPES[column]}[]`).join(', ')})
      AS n (id, custom_attributes, ${ASSET_COLUMNS.join(', ')})
   WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.id = n.id`;

/** Writes what rows have changed in existing assets: fields and attributes, never an id or a link. */
export async function updateAssets(
  tx: TenantTx,
  assets: readonly { id: string; fields: MappedFields; custom_attributes: Record<string, unknown> }[],
  at: Date,
): Promise<void> {
  if (assets.length === 0) return;
  await tx.execute(SQL, [
    at,
    assets.map(({ id }) => id),
    assets.map(({ custom_attributes }) => JSON.stringify(custom_attributes)),
    ...ASSET_COLUMNS.map((column) => assets.map(({ fields }) => fields[column])),
  ]);
}
