import type { RawRow } from './readers/raw-row';

/** How many rows suggestions look at. */
const SAMPLE_ROWS = 200;
/** They are kept to the end of the file, and a row may have millions of characters. */
const SAMPLE_CHARS = 4 * 1024 * 1024;

/** Counts rows and keeps the first valid ones as they pass by; whoever else looks at rows is shown them too. */
export class RowTally {
  readonly samples: Record<string, string>[] = [];
  private valid = 0;
  private rejected = 0;
  private sampledChars = 0;

  constructor(private readonly watcher: { watch(rows: readonly RawRow[]): void }) {}

  async *watch<Row extends RawRow>(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
    for await (const batch of batches) {
      for (const { cells, errors } of batch) {
        if (errors.length > 0) {
          this.rejected++;
        } else {
          this.valid++;
          if (this.samples.length < SAMPLE_ROWS) this.sample(cells);
        }
      }
      this.watcher.watch(batch);
      yield batch;
    }
  }

  private sample(cells: Record<string, string>): void {
    for (const text of Object.values(cells)) this.sampledChars += text.length;
    if (this.sampledChars <= SAMPLE_CHARS) this.samples.push(cells);
  }

  counts(): { valid_records: number; rejected_records: number } {
    return { valid_records: this.valid, rejected_records: this.rejected };
  }
}
