import type { TenantTx } from '../database/tenant-database';
import { NotFoundError } from '../errors/not-found.error';
import { DataImport } from './data-import.entity';

/** @throws NotFoundError when the tenant has no such import. */
export async function requireImport(tx: TenantTx, id: string): Promise<DataImport> {
  const data_import = await tx.findOne(DataImport, { id });
  if (!data_import) throw new NotFoundError(`There is no data import ${id}.`);
  return data_import;
}
