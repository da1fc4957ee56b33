import { gzipSync } from 'node:zlib';

import { InvalidInputError } from '../../errors/invalid-input.error';
import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { UnsupportedTypeError } from '../../errors/unsupported-type.error';
import { readTable } from './read-table.spec-helper';

/** The beginning of an OLE container with one name in its directory. */
function oleContainer(name: string): Buffer {
  const bytes = Buffer.alloc(2048);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48);
  bytes.write(name, 1024, 'utf16le');
  return bytes;
}

describe('openTable', () => {
  it.each([
    ['CSV', 'a,b\n1,2\n', {}, 'csv'],
    ['CSV under the name of JSON lines of nothing', '[Name],[IP]\nsrv,1\n', {}, 'csv'],
    ['tabs under the name of CSV', 'a\tb\n1\t2\n', { filename: 'x.csv' }, 'tsv'],
    ['one column under the name of TSV', 'a\n1\n', { filename: 'x.tsv' }, 'tsv'],
    [
      'one column under the media type of TSV',
      'a\n1\n',
      { media_type: 'text/tab-separated-values; charset=utf-8' },
      'tsv',
    ],
    ['a JSON array under the name of CSV', ' [{"a":"1"}]', { filename: 'x.csv' }, 'json'],
    ['a JSON object', '{"a":"1"}', {}, 'json'],
    ['one line of JSON under the name of NDJSON', '{"a":"1"}', { filename: 'x.ndjson' }, 'ndjson'],
    ['lines of JSON under the name of JSON', '{"a":"1"}\n{"a":"2"}', { filename: 'x.json' }, 'ndjson'],
    [
      'lines of JSON by their media type',
      'oops\n{"a":"2"}',
      { media_type: 'application/x-ndjson' },
      'ndjson',
    ],
    ['a short CSV with many NUL bytes', 'a,b\n\0,\0\n1,2\n3,4\n', {}, 'csv'],
    ['gzip', gzipSync('a\tb\n1\t2\n'), { filename: 'x.csv.gz' }, 'tsv'],
  ])('knows %s', async (_, content, request, format) => {
    expect((await readTable(content, request)).table.format).toBe(format);
  });

  it.each([
    ['nothing', '', UnreadableFileError, /empty/],
    ['gzip of nothing', gzipSync(''), UnreadableFileError, /empty/],
    ['blank lines', '\n \r\n\n', UnreadableFileError, /no line with column names/],
    ['an old workbook', oleContainer('Workbook'), UnsupportedTypeError, /save it as .xlsx/],
    [
      'a workbook with a password',
      oleContainer('EncryptedPackage'),
      UnreadableFileError,
      /password-protected/,
    ],
    [
      'the beginning of an old workbook',
      oleContainer('Workbook').subarray(0, 20),
      UnsupportedTypeError,
      /save it as .xlsx/,
    ],
    ['a PDF', '%PDF-1.7\n...', UnsupportedTypeError, /PDF/],
    ['an image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), UnsupportedTypeError, /PNG/],
    ['gzip in gzip', gzipSync(gzipSync('a,b\n')), UnsupportedTypeError, /gzip/],
    ['a table of a web page', '<table><tr><td>a</td></tr></table>', UnsupportedTypeError, /save it as .xlsx/],
    [
      'an XML workbook',
      '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>',
      UnsupportedTypeError,
      /save it as .xlsx/,
    ],
    ['a log-in page', '\n<!DOCTYPE html><html>', UnsupportedTypeError, /HTML/],
    [
      'binary data',
      Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7) % 251)),
      UnsupportedTypeError,
      /binary/,
    ],
    ['no JSON under its name', 'oops', UnreadableFileError, /JSON: in line 1/],
  ])('refuses %s', async (_, content, type, message) => {
    const reading = readTable(content, { filename: message.test('JSON: in line 1') ? 'x.json' : 'x.csv' });
    await expect(reading).rejects.toThrow(type);
    await expect(reading).rejects.toThrow(message);
  });

  it('refuses to look for a sheet where there is none', async () => {
    await expect(readTable('a,b\n', { sheet: 'vInfo' })).rejects.toThrow(InvalidInputError);
  });

  it('believes the charset of the media type', async () => {
    const bytes = Buffer.from('Ort\nK\xf6ln\n', 'latin1');
    const { table, cells } = await readTable(bytes, { media_type: 'text/csv; charset="iso-8859-1"' });
    expect([table.encoding, cells]).toEqual(['windows-1252', [{ Ort: 'Köln' }]]);
  });

  it.each([
    ['CSV', `a\n${'x\n'.repeat(2500)}`],
    ['JSON', `[${'{"a":"x"},'.repeat(2499)}{"a":"x"}]`],
    ['NDJSON', '{"a":"x"}\n'.repeat(2500)],
  ])('yields %s in batches of a bounded size, and every row once', async (_, text) => {
    const { rows, batchSizes } = await readTable(text);
    expect(batchSizes).toEqual(Array(10).fill(250));
    expect(rows.map((row) => row.row_number)).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
  });
});
