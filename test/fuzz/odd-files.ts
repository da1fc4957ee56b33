import { gzipSync } from 'node:zlib';
import { Workbook } from 'exceljs';
import fc, { type Arbitrary } from 'fast-check';
import { oddTexts } from './odd-texts';

const HEADERS = [
  'Hostname',
  'IP Address',
  'Environment',
  'CPU Cores',
  'RAM (GB)',
  'Rack',
  'Serial',
  'Powerstate',
  'VM',
];
const TEXTS = [
  '',
  'Hostname',
  'Hostname\n',
  'Hostname\r\rweb\r',
  'Hostname,Hostname\na,b\n',
  'sep=;\nHostname;RAM (GB)\nweb-1;8\n',
  'Hostname;RAM (GB)\n"web-1;8\nweb-2;9\n',
  'Hostname\0,RAM\0\nweb\0-1,8\n',
  '__proto__,constructor,toString\n1,2,3\n',
  'row_number,error_code,error_message\n1,x,y\n',
  '[]',
  '{}',
  'null',
  '[{"Hostname":"web-1","RAM (GB)":8},{"Hostname":["a"],"RAM (GB)":{"a":1}}]',
  '{"data":[{"Hostname":"web-1"}],"page":1}',
  '[{"__proto__":{"a":1},"constructor":1,"Hostname":"x"}]',
  '{"Hostname":"a"}\n{"Hostname":"b"\n',
  '[{"Hostname":"\\ud800"},{"Hostname":"\\u0000"}]',
  '['.repeat(50_000),
  `Hostname\n${'x'.repeat(100_000)}\n`,
  `${'a,'.repeat(5000)}a\n${'1,'.repeat(5000)}1\n`,
  '<html><body><table><tr><td>Hostname</td></tr></table></body></html>',
  '%PDF-1.4',
];

export interface OddFile {
  name: string;
  bytes: Buffer;
}

/** Small files that are inventories, nearly so, or nothing of the kind. */
export async function oddFiles(): Promise<Arbitrary<OddFile>> {
  const workbook = new Workbook();
  workbook.addWorksheet('vInfo').addRows([HEADERS, HEADERS.map((name, i) => `${name}-${i}`)]);
  workbook.addWorksheet("it's <odd>").addRow(['=1+1', new Date(0), 1e308]);
  const xlsx = Buffer.from(await workbook.xlsx.writeBuffer());

  const table = fc
    .tuple(
      fc.constantFrom(',', ';', '\t', '|', '^'),
      fc.uniqueArray(fc.oneof(fc.constantFrom(...HEADERS), oddTexts), { minLength: 1, maxLength: 5 }),
      fc.array(fc.array(oddTexts, { minLength: 1, maxLength: 6 }), { maxLength: 6 }),
      fc.constantFrom('utf8', 'utf16le', 'latin1'),
    )
    .map(([delimiter, header, rows, encoding]) =>
      Buffer.from([header, ...rows].map((row) => row.join(delimiter)).join('\n'), encoding as BufferEncoding),
    );
  const whole: Arbitrary<Buffer> = fc.oneof(
    { weight: 4, arbitrary: table },
    { weight: 3, arbitrary: fc.constantFrom(...TEXTS).map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.constant(xlsx) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
  const damaged = fc
    .tuple(
      whole,
      fc.constantFrom('none', 'none', 'none', 'cut', 'flip', 'gzip', 'gzipTwice', 'gzipCut', 'bom'),
      fc.nat(),
    )
    .map(([bytes, damage, at]) => harm(bytes, damage, at));
  const names = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom('a.csv', 'a.tsv', 'a.xlsx', 'a.json', 'a.ndjson', 'a.csv.gz', 'a.xls', 'a'),
    },
    { weight: 1, arbitrary: oddTexts },
    { weight: 1, arbitrary: oddTexts.map((text) => `${text}.csv`) },
  );
  return fc.record({ name: names, bytes: damaged });
}

function harm(bytes: Buffer, damage: string, at: number): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  switch (damage) {
    case 'cut':
      return bytes.subarray(0, place);
    case 'flip':
      return Buffer.from(bytes.map((byte, i) => (i === place ? byte ^ 255 : byte)));
    case 'gzip':
      return gzipSync(bytes);
    case 'gzipTwice':
      return gzipSync(gzipSync(bytes));
    case 'gzipCut':
      return gzipSync(bytes).subarray(0, -4);
    case 'bom':
      return Buffer.concat([Buffer.from('\ufeff'), bytes]);
    default:
      return bytes;
  }
}
