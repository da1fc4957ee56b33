import type { TenantTx } from '../database/tenant-database';
import type { ImportResponse } from './dto/import-response';
import { listSuggestions } from './queries/list-suggestions';
import { requireImport } from './require-import';

/** @throws NotFoundError when the tenant has no such import. */
export async function importWithSuggestions(tx: TenantTx, id: string): Promise<ImportResponse> {
  const data_import = await requireImport(tx, id);
  return Object.assign(data_import, { suggested_field_mappings: await listSuggestions(tx, id) });
}
