import type { TenantTx } from '../../database/tenant-database';
import { NotFoundError } from '../../errors/not-found.error';
import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { DataImport } from '../data-import.entity';
import { findCorrectedImport } from '../queries/find-corrected-import';
import type { RawRow } from '../readers/raw-row';
import type { Table } from '../readers/table';
import { claimOf } from './claim-of';
import { readHeader, recogniseHeader } from './corrections-header';
import { CorrectionsTable } from './corrections-table';
import { reasonColumns } from './reason-columns';

/** As many rows of a file show which import it corrects. */
const CLAIMS_TO_JUDGE_BY = 200;

/**
 * The corrected rejects of an import, if that is what a file brings; null of an ordinary file. `corrects` says it
 * outright; otherwise the header and the first rows must fit an earlier import without exception. `open` opens the
 * file once more: a table can be gone through once only.
 *
 * @throws NotFoundError, UnreadableFileError for a file that `corrects` is said of and that names no rows
 */
export async function findCorrections(
  tx: TenantTx,
  table: Table,
  { corrects, open }: { corrects: string | null; open: () => Promise<Table> },
): Promise<CorrectionsTable | null> {
  if (corrects !== null) return declared(tx, table, corrects);
  const header = table.header && recogniseHeader(table.header);
  if (!header) return null;
  const claims = (await firstBatch(await open()))
    .flatMap(({ cells }) => claimOf(cells, header) ?? [])
    .slice(0, CLAIMS_TO_JUDGE_BY);
  const import_id = await findCorrectedImport(tx, [...header.columns.values()], claims);
  return import_id === null ? null : new CorrectionsTable(table, header, import_id);
}

async function declared(tx: TenantTx, table: Table, import_id: string): Promise<CorrectionsTable> {
  const corrected = await tx.findOne(DataImport, { id: import_id });
  if (!corrected) throw new NotFoundError(`There is no data import ${import_id}.`);
  if (table.header === null) {
    throw new UnreadableFileError('Corrections are read from CSV, TSV and XLSX files only.');
  }
  const reasons = reasonColumns(corrected.columns);
  if (!table.header.includes(reasons.row_number)) {
    throw new UnreadableFileError(
      `The file has no column "${reasons.row_number}", which names the row of the import that each of its rows corrects.`,
    );
  }
  return new CorrectionsTable(table, readHeader(table.header, reasons), import_id);
}

async function firstBatch(table: Table): Promise<RawRow[]> {
  for await (const batch of table.batches()) return batch;
  return [];
}
