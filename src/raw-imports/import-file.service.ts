import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { DomainError } from '../errors/domain-error';
import { countRecognisedHeaders } from '../field-mapping/count-recognised-headers';
import { suggestFieldMappings } from '../field-mapping/suggest-field-mappings';
import type { Tenant } from '../tenancy/tenant';
import { copyCorrections } from './corrections/copy-corrections';
import { findCorrections } from './corrections/find-corrections';
import { copyRawRecords } from './queries/copy-raw-records';
import { findFirstImport } from './queries/find-first-import';
import { finishImport } from './queries/finish-import';
import { insertImport, type NewImport } from './queries/insert-import';
import { insertSuggestions } from './queries/insert-suggestions';
import { openTable } from './readers/open-table';
import { RowTally } from './row-tally';
import { spoolUpload } from './readers/spool-upload';
import { Slots } from './slots';
import type { Table } from './readers/table';

/** Each holds a connection for as long as its file is long, and the pool has to serve everybody else too. */
const IMPORTS_AT_A_TIME = 4;

export interface Upload {
  filename: string;
  media_type: string | null;
  content: Readable;
  sheet: string | null;
  /** Import the same bytes although they were imported before. */
  force: boolean;
  /** The import whose rejects the file is said to correct. */
  corrects: string | null;
}

export interface ImportResult {
  id: string;
  duplicate: boolean;
}

/**
 * Turns an uploaded file into an import and its raw records, all of them or none.
 *
 * The upload is spooled to disk before the database hears of it: a slow client holds no transaction open, the
 * checksum is known before the first row is written, and a workbook needs random access anyway.
 */
@Injectable()
export class ImportFileService {
  private readonly logger = new Logger(ImportFileService.name);
  private readonly slots = new Slots(IMPORTS_AT_A_TIME);

  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws UnreadableFileError, PayloadTooLargeError, UnsupportedTypeError, InvalidInputError (`sheet`), NotFoundError (`corrects`) */
  async importFile(tenant: Tenant, upload: Upload): Promise<ImportResult> {
    const file = await spoolUpload(upload.content, {
      directory: join(this.settings.DATA_DIR, 'uploads'),
      max_bytes: this.settings.MAX_UPLOAD_BYTES,
    });
    const row: NewImport = {
      id: uuidv7(),
      filename: upload.filename,
      format: null,
      encoding: null,
      delimiter: null,
      sheet: null,
      sheets: null,
      checksum_sha256: file.checksum_sha256,
      size_bytes: file.size_bytes,
      status: 'processing',
      corrects_import_id: null,
      error_message: null,
      created_at: new Date(),
    };
    try {
      const open = () => openTable(file, upload, countRecognisedHeaders);
      const table = await open();
      Object.assign(row, {
        format: table.format,
        encoding: table.encoding,
        delimiter: table.delimiter,
        sheet: table.sheet,
        sheets: table.sheets,
      });
      return await this.slots.use(() =>
        this.database.transaction(tenant, (tx) => this.store(tx, row, table, { ...upload, open })),
      );
    } catch (error) {
      // Nothing of it was stored. What the user can mend is kept as a failed import, which blocks no new try.
      if (error instanceof DomainError) await this.recordFailure(tenant, row, error.message);
      throw error;
    } finally {
      await file.close();
    }
  }

  private async store(
    tx: TenantTx,
    row: NewImport,
    table: Table,
    { force, corrects, open }: Pick<Upload, 'force' | 'corrects'> & { open: () => Promise<Table> },
  ): Promise<ImportResult> {
    // A COPY, and whoever waits for one, lasts as long as the file is long.
    await tx.control('SET LOCAL statement_timeout = 0');
    // Two uploads of the same bytes at once: the second waits here and then finds the first.
    await tx.control('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `import ${tx.tenant.client_account_id} ${tx.tenant.engagement_id} ${String(row.checksum_sha256)}`,
    ]);
    const corrections = await findCorrections(tx, table, { corrects, open });
    if (!force) {
      const first = await findFirstImport(tx, {
        checksum_sha256: String(row.checksum_sha256),
        sheet: row.sheet,
      });
      if (first !== null) return { id: first, duplicate: true };
    }
    row.corrects_import_id = corrections?.import_id ?? null;
    await insertImport(tx, row);
    const tally = new RowTally();
    if (corrections) await copyCorrections(tx, row, corrections, tally);
    else await copyRawRecords(tx, row.id, tally.watch(table.batches()), row.created_at);
    const { columns, empty_rows_skipped } = (corrections ?? table).summary();
    const completed_at = new Date();
    await finishImport(tx, { id: row.id, columns, empty_rows_skipped, completed_at, ...tally.counts() });
    await insertSuggestions(tx, row.id, suggestFieldMappings(columns, tally.samples), completed_at);
    this.logger.log({ data_import_id: row.id, ...tally.counts() }, 'import stored');
    return { id: row.id, duplicate: false };
  }

  private async recordFailure(tenant: Tenant, row: NewImport, error_message: string): Promise<void> {
    try {
      await this.database.transaction(tenant, (tx) =>
        insertImport(tx, { ...row, status: 'failed', error_message }),
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'a failed import could not be recorded');
    }
  }
}
