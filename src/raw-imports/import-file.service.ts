import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { HttpStatus, Inject, Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { DomainError } from '../errors/domain-error';
import { InvalidInputError } from '../errors/invalid-input.error';
import { KeyReusedError } from '../errors/key-reused.error';
import { UnavailableError } from '../errors/unavailable.error';
import { countRecognisedHeaders } from '../field-mapping/count-recognised-headers';
import { recogniseSource } from '../field-mapping/recognise-source';
import { GENERIC_SOURCE, type SourceProfile } from '../field-mapping/source-profile';
import { suggestFieldMappings } from '../field-mapping/suggest-field-mappings';
import type { SuggestedFieldMapping } from '../field-mapping/suggested-field-mapping';
import { type LearnedMapping, withLearnedMappings } from '../field-mapping/with-learned-mappings';
import type { Answer } from '../idempotency/answer';
import type { IdempotentRequest } from '../idempotency/idempotent-request';
import { IdempotentRequests } from '../idempotency/idempotent-requests.service';
import type { WrittenAnswer } from '../idempotency/written-answer';
import { knownSources, profileOf, SOURCE_PROFILES } from '../source-profiles/source-profiles';
import type { Tenant } from '../tenancy/tenant';
import { copyCorrections } from './corrections/copy-corrections';
import { findCorrections } from './corrections/find-corrections';
import { findLastRows } from './grouping/find-last-rows';
import { GroupedTable } from './grouping/grouped-table';
import { importWithSuggestions } from './import-with-suggestions';
import { copyRawRecords } from './queries/copy-raw-records';
import { findFirstImport } from './queries/find-first-import';
import { finishImport } from './queries/finish-import';
import { insertImport, type NewImport } from './queries/insert-import';
import { insertSuggestions } from './queries/insert-suggestions';
import { listLearnedMappings } from './queries/list-learned-mappings';
import { openTable } from './readers/open-table';
import { replaceUnstorable } from './readers/replace-unstorable';
import { RowTally } from './row-tally';
import { spoolUpload } from './readers/spool-upload';
import type { Reading } from './readers/reading';
import { Slots } from '../concurrency/slots';
import type { Table } from './readers/table';
import { ImportWarnings } from './warnings/import-warnings';
import { withSmallHeap } from './with-small-heap';

/** Each holds a connection for as long as its file is long, and the pool has to serve everybody else too. */
const IMPORTS_AT_A_TIME = 4;

/** Each may lie on disk with MAX_UPLOAD_BYTES until its turn comes. */
const MAX_UPLOADS = 32;

const ASK_AGAIN_MS = 200;

export interface Upload {
  filename: string;
  media_type: string | null;
  content: Readable;
  reading: Reading;
  /** Of it, what the client has given. */
  overrides: Record<string, string>;
  /** The column whose equal values make one record of several rows. */
  group_by: string | null;
  /** The tool that wrote the file, where the client knows better than we do. */
  source: string | null;
  /** Import the same bytes although they were imported before. */
  force: boolean;
  /** The import whose rejects the file is said to correct. */
  corrects: string | null;
}

/** An upload that was opened. */
interface Opened extends Pick<Upload, 'force' | 'corrects'> {
  table: Table;
  grouped: GroupedTable | null;
  /** Opens the file once more: a table can be gone through once only. */
  open: () => Promise<Table>;
}

interface ImportResult {
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
  private uploads = 0;

  constructor(
    private readonly database: TenantDatabase,
    private readonly requests: IdempotentRequests,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(SOURCE_PROFILES) private readonly profiles: readonly SourceProfile[],
  ) {}

  /**
   * @param request what its client may send again; that it has the same file is known once the file has been read.
   * @throws UnreadableFileError, PayloadTooLargeError, UnsupportedTypeError, InvalidInputError (`sheet`,
   * `group_by`, `source`), NotFoundError (`corrects`), UnavailableError when too many are under way, and what
   * IdempotentRequests throws.
   */
  async importFile(
    tenant: Tenant,
    actor: Actor,
    upload: Upload,
    request: IdempotentRequest | null,
  ): Promise<WrittenAnswer> {
    if (this.uploads >= MAX_UPLOADS) {
      throw new UnavailableError(`${MAX_UPLOADS} files are being imported already. Try again later.`);
    }
    this.uploads++;
    try {
      return await withSmallHeap(() => this.importWhole(tenant, actor, upload, request));
    } finally {
      this.uploads--;
    }
  }

  private async importWhole(
    tenant: Tenant,
    actor: Actor,
    upload: Upload,
    request: IdempotentRequest | null,
  ): Promise<WrittenAnswer> {
    this.requireKnown(upload.source);
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
      source: upload.source,
      reading: upload.overrides,
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
      // Of the bytes and not of the body: the boundary of a form is another each time.
      const { filename, checksum_sha256 } = row;
      const sameFile = request?.with({ filename, checksum_sha256 }) ?? null;
      return await this.slots.use(async () => {
        const opened = { ...upload, table, grouped: await grouped(table, upload.group_by, open), open };
        return this.requests.transaction(tenant, sameFile, async (tx) =>
          importAnswer(tx, await this.store(tx, actor, row, opened)),
        );
      });
    } catch (error) {
      // Nothing of it was stored. What the user can mend is kept as a failed import, which blocks no new try.
      if (isFaultOfFile(error)) await this.recordFailure(tenant, actor, row, error);
      throw error;
    } finally {
      await file.close();
    }
  }

  private async store(
    tx: TenantTx,
    actor: Actor,
    row: NewImport,
    { table, grouped, force, corrects, open }: Opened,
  ): Promise<ImportResult> {
    // A COPY, and whoever waits for one, lasts as long as the file is long.
    await tx.limit(null);
    // Two uploads of the same bytes at once: the second waits here and then finds the first. It asks again and again,
    // since a single statement that may wait for so long could not be told from a dead connection.
    while (!(await tx.tryLock(`import ${String(row.checksum_sha256)}`))) await delay(ASK_AGAIN_MS);
    const corrections = await findCorrections(tx, table, { corrects, open });
    if (corrections && grouped) throw groupedCorrections();
    if (!force) {
      const first = await findFirstImport(tx, {
        checksum_sha256: String(row.checksum_sha256),
        sheet: row.sheet,
        reading: row.reading,
      });
      if (first !== null) return { id: first, duplicate: true };
    }
    row.corrects_import_id = corrections?.import_id ?? null;
    await insertImport(tx, row);
    const learned = await listLearnedMappings(tx);
    const warnings = new ImportWarnings(
      (columns, samples) => this.understand(row, columns, samples, learned).suggestions,
    );
    const tally = new RowTally(warnings);
    if (corrections) await copyCorrections(tx, row, corrections, tally);
    else await copyRawRecords(tx, row.id, tally.watch((grouped ?? table).batches()), row.created_at);
    const { columns, empty_rows_skipped, detected } = (corrections ?? grouped ?? table).summary();
    const { source, suggestions } = this.understand(row, columns, tally.samples, learned);
    const completed_at = new Date();
    await finishImport(tx, {
      id: row.id,
      source,
      columns,
      empty_rows_skipped,
      detected,
      grouping: grouped?.grouping() ?? null,
      warnings: warnings.list(suggestions),
      completed_at,
      ...tally.counts(),
    });
    await insertSuggestions(tx, row.id, suggestions, completed_at);
    await recordAuditEvent(tx, {
      ...audited(row, actor),
      action: 'import.created',
      counts: {
        size_bytes: Number(row.size_bytes),
        ...tally.counts(),
        empty_rows_skipped,
        columns: columns.length,
      },
    });
    this.logger.log({ data_import_id: row.id, ...tally.counts() }, 'import stored');
    return { id: row.id, duplicate: false };
  }

  /** The source of a file, by what its client says or else by its columns, and what they hold. */
  private understand(
    row: NewImport,
    columns: string[],
    samples: Record<string, string>[],
    learned: readonly LearnedMapping[],
  ): { source: string; suggestions: SuggestedFieldMapping[] } {
    const profile =
      row.source === null ? recogniseSource(columns, this.profiles) : profileOf(row.source, this.profiles);
    const source = profile?.source ?? GENERIC_SOURCE;
    const suggestions = suggestFieldMappings(columns, samples, profile);
    return { source, suggestions: withLearnedMappings(columns, suggestions, source, learned) };
  }

  private requireKnown(source: string | null): void {
    const known = knownSources(this.profiles);
    if (source === null || known.includes(source)) return;
    throw new InvalidInputError([{ field: 'source', message: `must be one of ${known.join(', ')}` }]);
  }

  private async recordFailure(
    tenant: Tenant,
    actor: Actor,
    row: NewImport,
    { message }: DomainError,
  ): Promise<void> {
    try {
      await this.database.transaction(tenant, async (tx) => {
        await insertImport(tx, { ...row, status: 'failed', error_message: replaceUnstorable(message) });
        const counts = { size_bytes: Number(row.size_bytes) };
        await recordAuditEvent(tx, {
          ...audited(row, actor),
          action: 'import.failed',
          counts,
        });
      });
    } catch (error) {
      this.logger.warn({ err: error }, 'a failed import could not be recorded');
    }
  }
}

/** Goes through the file once before a transaction is open, which must not stand idle for so long. */
async function grouped(
  table: Table,
  by: string | null,
  open: () => Promise<Table>,
): Promise<GroupedTable | null> {
  return by === null ? null : new GroupedTable(table, by, await findLastRows(await open(), by));
}

function groupedCorrections(): InvalidInputError {
  const message = 'leave it out: the file brings corrections, each of which replaces one rejected row';
  return new InvalidInputError([{ field: 'group_by', message }]);
}

/** What tells the file is its checksum: its name is its user's. */
function audited({ id, checksum_sha256, corrects_import_id }: NewImport, actor: Actor) {
  const details = { checksum_sha256, corrects_import_id };
  return { actor, target_type: 'data_import', target_id: id, details } as const;
}

async function importAnswer(tx: TenantTx, { id, duplicate }: ImportResult): Promise<Answer> {
  const body = Object.assign(await importWithSuggestions(tx, id), { duplicate });
  if (duplicate) return { status: HttpStatus.OK, location: null, body };
  return { status: HttpStatus.CREATED, location: `/api/v1/data-imports/${id}`, body };
}

/** Not that of its request's key, which another upload has. */
function isFaultOfFile(error: unknown): error is DomainError {
  return error instanceof DomainError && !(error instanceof ConflictError || error instanceof KeyReusedError);
}
