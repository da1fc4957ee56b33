import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { Encoding } from '../detect-encoding';
import { LIMITS } from '../limits';
import type { RawRow } from '../raw-row';
import { readText } from '../read-text';
import { RowBatch } from '../row-batch';
import type { SpooledFile } from '../spooled-file';
import type { Table } from '../table';
import { withoutLines } from '../detected';
import { textChecks } from '../text-checks';
import { JsonRows } from './json-rows';
import { UnreadableRecord } from './unreadable-record';

/** Reads one JSON record a line. A line that is none is a rejected row; the others go on. */
export function openNdjson(file: SpooledFile, encoding: Encoding): Table {
  const rows = new JsonRows(textChecks(file.evidence, encoding));
  return {
    format: 'ndjson',
    encoding: encoding.name,
    delimiter: null,
    sheet: null,
    sheets: null,
    header: null,
    batches: () => batches(readText(file, encoding), rows),
    summary: () => ({ ...rows.summary(), detected: withoutLines(encoding.name) }),
  };
}

async function* batches(chunks: AsyncGenerator<string>, rows: JsonRows): AsyncGenerator<RawRow[]> {
  const batch = new RowBatch();
  let lineNumber = 0;
  for await (const lines of wholeLines(chunks)) {
    for (const line of lines) {
      const row = readLine(line, ++lineNumber, rows);
      if (row) batch.add(row, line.length);
      if (batch.isFull) yield batch.take();
    }
  }
  if (!batch.isEmpty) yield batch.take();
}

function readLine(line: string, lineNumber: number, rows: JsonRows): RawRow | null {
  if (line.trim() === '') {
    rows.skipEmpty();
    return null;
  }
  try {
    return rows.row(line, lineNumber);
  } catch (error) {
    if (error instanceof UnreadableRecord) return rows.rejected(line, lineNumber, error);
    throw error;
  }
}

/** The lines of each chunk; the last of a chunk is held back until it is whole. */
async function* wholeLines(chunks: AsyncGenerator<string>): AsyncGenerator<string[]> {
  let rest = '';
  let seen = 0;
  let lineEnd: string | undefined;
  for await (const chunk of chunks) {
    lineEnd ??= /^[^\r\n]*\r(?=[^\n])/.test(chunk) ? '\r' : '\n';
    const lines = (rest + chunk).split(lineEnd);
    rest = lines.pop() ?? '';
    seen += lines.length;
    if (rest.length > LIMITS.record_chars) {
      throw new UnreadableFileError(
        `Line ${seen + 1} is longer than the limit of ${LIMITS.record_chars} characters.`,
      );
    }
    yield lines;
  }
  if (rest !== '') yield [rest];
}
