import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { openDelimited } from './delimited/open-delimited';
import { detectEncoding, type Encoding } from './detect-encoding';
import { openJson } from './json/open-json';
import { openNdjson } from './json/open-ndjson';
import { readText } from './read-text';
import { refuseOverrides } from './refuse-overrides';
import { sniffContainer } from './sniff-container';
import { sniffTextFormat } from './sniff-text-format';
import type { Reading } from './reading';
import type { SpooledFile } from './spooled-file';
import type { Table } from './table';
import { openXlsx } from './xlsx/open-xlsx';

export interface TableRequest {
  filename: string;
  media_type: string | null;
  reading: Reading;
}

/**
 * Finds out what an uploaded file is, by its content first and its name and media type second, and opens it.
 * `recognise` counts the headers that mean something in an inventory.
 *
 * Throws UnsupportedTypeError for what is no inventory, UnreadableFileError for what is damaged or over a limit, and
 * InvalidInputError for a sheet that is not there.
 */
export async function openTable(
  file: SpooledFile,
  request: TableRequest,
  recognise: (headers: string[]) => number,
): Promise<Table> {
  const { reading } = request;
  if (file.content_bytes === 0) throw new UnreadableFileError('The file is empty.');
  if ((await sniffContainer(file)) === 'zip') {
    refuseOverrides(reading, ['delimiter', 'encoding']);
    return openXlsx(file, reading, recognise);
  }
  const encoding = detectEncoding(file.evidence, reading.encoding ?? declaredCharset(request.media_type));
  switch (sniffTextFormat(await firstText(file, encoding), request)) {
    case 'json':
      refuseOverrides(reading, ['sheet', 'header', 'delimiter']);
      return openJson(file, encoding);
    case 'ndjson':
      refuseOverrides(reading, ['sheet', 'header', 'delimiter']);
      return openNdjson(file, encoding);
    case 'delimited':
      refuseOverrides(reading, ['sheet']);
      return openDelimited(file, encoding, {
        reading,
        fallback: claimsTabs(request) ? '\t' : ',',
        recognise,
      });
  }
}

function declaredCharset(mediaType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(mediaType ?? '')?.[1] ?? null;
}

function claimsTabs({ filename, media_type }: TableRequest): boolean {
  return /\.(?:tsv|tab)(?:\.gz)?$/i.test(filename) || /^text\/tab-separated-values\b/i.test(media_type ?? '');
}

async function firstText(file: SpooledFile, encoding: Encoding): Promise<string> {
  for await (const chunk of readText(file, encoding)) return chunk;
  return '';
}
