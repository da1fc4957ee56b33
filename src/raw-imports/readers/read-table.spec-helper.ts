import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { openTable, type TableRequest } from './open-table';
import type { RawRow } from './raw-row';
import { DETECT_ALL, type Reading } from './reading';
import { spoolUpload } from './spool-upload';
import type { SpooledFile } from './spooled-file';
import type { Table, TableSummary } from './table';

export interface ReadTable {
  table: Table;
  rows: RawRow[];
  batchSizes: number[];
  summary: TableSummary;
  /** The cells of each row as plain objects, which are easier to compare. */
  cells: Record<string, string>[];
}

/** Spools, opens and reads a whole upload, and closes it whatever happens. */
export async function readTable(
  content: string | Uint8Array,
  { filename = 'upload', media_type = null, ...reading }: Partial<TableRequest & Reading> = {},
  recognise: (headers: string[]) => number = () => 0,
): Promise<ReadTable> {
  const file = await spool(content);
  try {
    const request = { filename, media_type, reading: { ...DETECT_ALL, ...reading } };
    const table = await openTable(file, request, recognise);
    const rows: RawRow[] = [];
    const batchSizes: number[] = [];
    for await (const batch of table.batches()) {
      rows.push(...batch);
      batchSizes.push(batch.length);
    }
    return {
      table,
      rows,
      batchSizes,
      summary: table.summary(),
      cells: rows.map((row) => ({ ...row.cells })),
    };
  } finally {
    await file.close();
  }
}

function spool(content: string | Uint8Array): Promise<SpooledFile> {
  const bytes = Buffer.from(content);
  // In small pieces, as they come from a socket, but not so small that the suite crawls.
  const pieces = Math.max(1, Math.ceil(bytes.length / 65_521));
  const chunks = Array.from({ length: pieces }, (_, at) => bytes.subarray(at * 65_521, (at + 1) * 65_521));
  const input = Readable.from(chunks, { objectMode: false });
  // A folder for each user: whoever ran the tests first would own a common one.
  const directory = join(tmpdir(), `discovery-wiring-readers-${userInfo().uid}`);
  return spoolUpload(input, { directory, max_bytes: 2 ** 30 });
}
