import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { Encoding } from '../detect-encoding';
import type { RawRow } from '../raw-row';
import { readText } from '../read-text';
import { RowBatch } from '../row-batch';
import type { SpooledFile } from '../spooled-file';
import type { Table } from '../table';
import { withoutLines } from '../detected';
import { textChecks } from '../text-checks';
import { holdsLines } from './holds-lines';
import { inspectRoot, type JsonRoot } from './inspect-root';
import { JsonRows } from './json-rows';
import { JsonScanner } from './json-scanner';
import { openNdjson } from './open-ndjson';
import { readJsonKey } from './read-json-key';
import { UnreadableRecord } from './unreadable-record';

/** Reads a JSON document, or lines of JSON under the name of one. An object is gone over once before, to know which. */
export async function openJson(file: SpooledFile, encoding: Encoding): Promise<Table> {
  const scan = (): JsonScanner => new JsonScanner(readText(file, encoding));
  const root = await rootOf(scan(), () => holdsLines(readText(file, encoding)));
  if (root.kind === 'lines') return openNdjson(file, encoding);
  const rows = new JsonRows(textChecks(file.evidence, encoding));
  return {
    format: 'json',
    encoding: encoding.name,
    delimiter: null,
    sheet: null,
    sheets: null,
    header: null,
    batches: () => batches(scan(), root, rows),
    summary: () => ({ ...rows.summary(), detected: withoutLines(encoding.name) }),
  };
}

/** Lines of JSON of which the first is damaged are lines of JSON all the same. */
async function rootOf(scanner: JsonScanner, areLines: () => Promise<boolean>): Promise<JsonRoot> {
  try {
    return await inspectRoot(scanner);
  } catch (error) {
    if (error instanceof UnreadableFileError && (await areLines())) return { kind: 'lines' };
    throw error;
  }
}

async function* batches(scanner: JsonScanner, root: JsonRoot, rows: JsonRows): AsyncGenerator<RawRow[]> {
  const batch = new RowBatch();
  try {
    for await (const { row, chars } of records(scanner, root, rows)) {
      batch.add(row, chars);
      if (batch.isFull) yield batch.take();
    }
    if (!batch.isEmpty) yield batch.take();
  } finally {
    await scanner.close();
  }
}

interface SizedRow {
  row: RawRow;
  chars: number;
}

async function* records(scanner: JsonScanner, root: JsonRoot, rows: JsonRows): AsyncGenerator<SizedRow> {
  if (root.kind === 'record') {
    yield* readRecord(scanner, rows);
    return;
  }
  if (root.kind === 'envelope') await enterEnvelope(scanner, root.key);
  await scanner.take('[');
  if ((await scanner.peek()) === ']') {
    await scanner.take(']');
  } else {
    do yield* readRecord(scanner, rows);
    while ((await scanner.take(',', ']')) === ',');
  }
  // What follows an envelope's array was gone over when its root was inspected.
  if (root.kind === 'array' && (await scanner.peek()) !== '') {
    throw scanner.malformed('text follows the end of the document');
  }
}

async function enterEnvelope(scanner: JsonScanner, wanted: string): Promise<void> {
  await scanner.take('{');
  while ((await readJsonKey(scanner)) !== wanted) {
    await scanner.skipValue();
    await scanner.take(',');
  }
}

async function* readRecord(scanner: JsonScanner, rows: JsonRows): AsyncGenerator<SizedRow> {
  await scanner.peek();
  const line = scanner.line;
  const text = await scanner.value();
  try {
    const row = rows.row(text, line);
    if (row) yield { row, chars: text.length };
  } catch (error) {
    throw error instanceof UnreadableRecord ? refusal(error, text, line) : error;
  }
}

function refusal(
  { message, offset }: UnreadableRecord,
  text: string,
  firstLine: number,
): UnreadableFileError {
  const line = firstLine + text.slice(0, offset).split('\n').length - 1;
  const found = text.slice(offset, offset + 20);
  return new UnreadableFileError(
    `The file is no well-formed JSON. ${message} in line ${line}, at "${found}".`,
  );
}
