import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { rowIds } from '../../database/row-ids';
import type { TenantTx } from '../../database/tenant-database';
import type { GroupedRow } from '../grouping/grouped-row';
import type { RawRow } from '../readers/raw-row';

type StoredRow = RawRow & Partial<Pick<GroupedRow, 'grouped_rows'>>;

const PIECE_CHARS = 256 * 1024;
const SILENCE_MS = 60_000;
/** After its last row the statement checks the foreign key of every row that it has. */
const SILENCE_AT_END_MS = 600_000;

/**
 * Streams rows into raw_import_records by one COPY, the fastest way in; the stream's back-pressure keeps memory
 * flat. A row with errors is stored as rejected, which is a fate: it needs no further processing.
 */
export async function copyRawRecords(
  tx: TenantTx,
  data_import_id: string,
  batches: AsyncIterable<StoredRow[]> | Iterable<StoredRow[]>,
  at: Date,
): Promise<void> {
  const { client_account_id, engagement_id } = tx.tenant;
  const time = at.toISOString();
  const before = `${client_account_id}\t${engagement_id}\t`;
  const pending = `t\t\\N\tf\t\\N\tpending\t${time}\t${time}\n`;

  // A statement as long as the file is long has no time limit: a server that takes nothing any more ends it.
  const giveUp = () => {
    tx.abandon();
  };
  let timer = setTimeout(giveUp, SILENCE_MS);

  async function* lines() {
    for await (const batch of batches) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      let text = '';
      const ids = rowIds(batch.length);
      for (const [i, { row_number, cells, errors, grouped_rows }] of batch.entries()) {
        text += `${before}${ids[i] ?? ''}\t${data_import_id}\t${row_number}\t${copyJson(cells)}\t`;
        text += grouped_rows ? `${copyJson(grouped_rows)}\t` : '\\N\t';
        text +=
          errors.length === 0 ? pending : `f\t${copyJson(errors)}\tt\t${time}\trejected\t${time}\t${time}\n`;
        // The names of columns come again in each row, which may make much of little.
        if (text.length < PIECE_CHARS) continue;
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
      // A piece of a file has many batches, between which nothing has to be waited for; others want to be answered.
      await nextTurn();
    }
    clearTimeout(timer);
    timer = setTimeout(giveUp, SILENCE_AT_END_MS);
  }

  try {
    await tx.copy(
      `COPY migration.raw_import_records
         (client_account_id, engagement_id, id, data_import_id, row_number, raw_data, grouped_rows,
          is_valid, validation_errors, is_processed, processed_at, fate, created_at, updated_at)
       FROM STDIN`,
      Readable.from(lines(), { objectMode: false, highWaterMark: 1 << 20 }),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** JSON text holds no raw tab or line end; of COPY's special characters only the backslash is left to escape. */
function copyJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\') ? json.replaceAll('\\', '\\\\') : json;
}
