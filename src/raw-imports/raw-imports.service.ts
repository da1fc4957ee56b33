import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../database/tenant-database';
import { NotFoundError } from '../errors/not-found.error';
import { type Page, type PageQuery, pageOf, pageWindow } from '../http/page';
import type { Tenant } from '../tenancy/tenant';
import type { DataImport } from './data-import.entity';
import type { ImportResponse } from './dto/import-response';
import type { ListRawRecordsQuery } from './dto/list-raw-records.query';
import type { Reject } from './dto/rejects';
import { importWithSuggestions } from './import-with-suggestions';
import { listImports } from './queries/list-imports';
import { listRawRecords } from './queries/list-raw-records';
import { countRejects, listRejects, type RejectedRecord } from './queries/list-rejects';
import { RawImportRecord } from './raw-import-record.entity';
import { requireImport } from './require-import';

const REJECTS_AT_A_TIME = 1000;

@Injectable()
export class RawImportsService {
  constructor(private readonly database: TenantDatabase) {}

  async listImports(tenant: Tenant, query: PageQuery): Promise<Page<DataImport>> {
    const slice = await this.database.snapshot(tenant, (tx) => listImports(tx, pageWindow(query)));
    return pageOf(query, slice);
  }

  getImport(tenant: Tenant, id: string): Promise<ImportResponse> {
    return this.database.snapshot(tenant, (tx) => importWithSuggestions(tx, id));
  }

  async listRecords(tenant: Tenant, query: ListRawRecordsQuery): Promise<Page<RawImportRecord>> {
    const slice = await this.database.snapshot(tenant, async (tx) => {
      if (query.data_import_id !== undefined) await requireImport(tx, query.data_import_id);
      return listRawRecords(tx, query, pageWindow(query));
    });
    return pageOf(query, slice);
  }

  async getRecord(tenant: Tenant, id: string): Promise<RawImportRecord> {
    const record = await this.database.snapshot(tenant, (tx) => tx.findOne(RawImportRecord, { id }));
    if (!record) throw new NotFoundError(`There is no raw import record ${id}.`);
    return record;
  }

  async listRejects(tenant: Tenant, data_import_id: string, query: PageQuery): Promise<Page<Reject>> {
    const slice = await this.database.snapshot(tenant, async (tx) => {
      await requireImport(tx, data_import_id);
      const rejects = await listRejects(tx, { data_import_id, ...pageWindow(query) });
      return { rows: rejects.map(asReject), total: await countRejects(tx, data_import_id) };
    });
    return pageOf(query, slice);
  }

  /** Every reject in file order, a batch at a time, after the import's columns. Each batch is a snapshot of its own. */
  async exportRejects(
    tenant: Tenant,
    data_import_id: string,
  ): Promise<{ columns: string[]; batches: AsyncGenerator<RejectedRecord[]> }> {
    const { columns } = await this.database.snapshot(tenant, (tx) => requireImport(tx, data_import_id));
    return { columns, batches: this.rejectBatches(tenant, data_import_id) };
  }

  private async *rejectBatches(tenant: Tenant, data_import_id: string): AsyncGenerator<RejectedRecord[]> {
    let after_row = 0;
    for (;;) {
      const range = { data_import_id, after_row, limit: REJECTS_AT_A_TIME };
      const batch = await this.database.snapshot(tenant, (tx) => listRejects(tx, range));
      yield batch;
      const last = batch.at(-1);
      if (!last || batch.length < REJECTS_AT_A_TIME) return;
      after_row = last.row_number;
    }
  }
}

function asReject({ id, row_number, validation_errors, corrected_by }: RejectedRecord): Reject {
  const errors = validation_errors ?? [];
  const first = errors[0];
  return {
    raw_import_record_id: id,
    row_number,
    column: first?.column ?? null,
    value: first?.value ?? null,
    error_code: first?.code ?? 'rejected',
    message: first?.message ?? 'The row was rejected.',
    corrected_by,
    errors,
  };
}
