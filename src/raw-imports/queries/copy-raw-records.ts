import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BinaryCopy,
  booleanField,
  fieldCount,
  NULL_FIELD,
  textField,
  timestampField,
  uuidField,
} from '../../database/binary-copy';
import { ID_BYTES, rowIds } from '../../database/row-ids';
import type { TenantTx } from '../../database/tenant-database';
import type { GroupedRow } from '../grouping/grouped-row';
import type { RawRow } from '../readers/raw-row';

type StoredRow = RawRow & Partial<Pick<GroupedRow, 'grouped_rows'>>;

const COLUMNS = [
  'client_account_id',
  'engagement_id',
  'id',
  'data_import_id',
  'row_number',
  'raw_data',
  'grouped_rows',
  'validation_errors',
  'is_valid',
  'is_processed',
  'processed_at',
  'fate',
  'created_at',
  'updated_at',
];
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
  const time = timestampField(at);
  const isTrue = booleanField(true);
  const isFalse = booleanField(false);
  const begin = Buffer.concat([
    fieldCount(COLUMNS.length),
    uuidField(client_account_id),
    uuidField(engagement_id),
  ]);
  const ofImport = uuidField(data_import_id);
  const pending = Buffer.concat([NULL_FIELD, isTrue, isFalse, NULL_FIELD, textField('pending'), time, time]);
  const rejected = Buffer.concat([isFalse, isTrue, time, textField('rejected'), time, time]);

  // A statement as long as the file is long has no time limit: a server that takes nothing any more ends it.
  const giveUp = () => {
    tx.abandon();
  };
  let timer = setTimeout(giveUp, SILENCE_MS);

  async function* pieces() {
    const copy = new BinaryCopy();
    for await (const batch of batches) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      const ids = rowIds(batch.length);
      for (const [i, { row_number, cells, errors, grouped_rows }] of batch.entries()) {
        copy.add(begin);
        copy.bytes(ids.subarray(i * ID_BYTES, (i + 1) * ID_BYTES));
        copy.add(ofImport);
        copy.integer(row_number);
        copy.json(cells);
        if (grouped_rows) copy.json(grouped_rows);
        else copy.add(NULL_FIELD);
        if (errors.length === 0) {
          copy.add(pending);
        } else {
          copy.json(errors);
          copy.add(rejected);
        }
        // The names of columns come again in each row, which may make much of little.
        for (let piece = copy.takeFull(); piece; piece = copy.takeFull()) yield piece;
      }
      // A piece of a file has many batches, between which nothing has to be waited for; others want to be answered.
      await nextTurn();
    }
    copy.end();
    for (let piece = copy.takeFull(); piece; piece = copy.takeFull()) yield piece;
    clearTimeout(timer);
    timer = setTimeout(giveUp, SILENCE_AT_END_MS);
  }

  try {
    await tx.copy(
      `COPY migration.raw_import_records (${COLUMNS.join(', ')}) FROM STDIN WITH (FORMAT binary)`,
      Readable.from(pieces(), { objectMode: false, highWaterMark: 1 << 20 }),
    );
  } finally {
    clearTimeout(timer);
  }
}
