import { countRecognisedHeaders } from '../../field-mapping/count-recognised-headers';
import { readTable } from './read-table.spec-helper';
import type { Reading } from './reading';

const read = (text: string, reading: Partial<Reading> = {}) =>
  readTable(text, reading, countRecognisedHeaders);

const HOSTS = 'Hostname;IP Address;Rack\nweb-1;10.0.0.1;R1\nweb-2;10.0.0.2;R2\n';
const COLUMNS = ['Hostname', 'IP Address', 'Rack'];

describe('the header of a table', () => {
  it.each([
    ['a title', `Server inventory\n\n${HOSTS}`, 3, 1],
    ['a title that is padded', `Server inventory;;\nMay 2026;;\n${HOSTS}`, 3, 2],
    [
      'keys and values',
      `Environment: production\nExported by: jane@example.com\nDate: 2026-05-01\n\n${HOSTS}`,
      5,
      3,
    ],
    [
      'keys and values in cells',
      `Report;Servers;;;\nDate;2026-05-01;;;\n\nHostname;IP Address;Rack;OS;CPU\nweb-1;10.0.0.1;R1;Linux;4\n`,
      4,
      2,
    ],
    ['comments', `# made by a tool\n# and by another; see there\n${HOSTS}`, 3, 2],
    ['a line for Excel and a title', `sep=;\nServer inventory\n${HOSTS}`, 3, 2],
    ['an empty line below a title of two columns', `Report of May\n\n${HOSTS}`, 3, 1],
    ['names of groups', `;Network;Place\n${HOSTS}`, 2, 1],
    ['a title with the delimiter of another table', `Servers, racks and more\n${HOSTS}`, 2, 1],
  ])('is found below %s', async (_, text, header_row, preamble_rows) => {
    const { summary, cells } = await read(text);
    expect(summary.columns.slice(0, 2)).toEqual(COLUMNS.slice(0, 2));
    expect(cells[0]).toMatchObject({ Hostname: 'web-1', 'IP Address': '10.0.0.1', Rack: 'R1' });
    expect(summary.detected).toMatchObject({ header_row, preamble_rows });
    expect(summary.detected.skipped_lines).toHaveLength(preamble_rows);
  });

  it.each([
    ['nothing in it is known', 'Foo;Bar;Baz\na;b;c\nd;e;f\n', 1],
    ['nothing in it is known, below a title', 'Report of May\nFoo;Bar;Baz\na;b;c\nd;e;f\n', 2],
    ['years head its columns', 'Region;2024;2025;2026\nNorth;1;2;3\nSouth;4;5;6\n', 1],
    ['rows have more cells', 'Hostname;IP Address\nweb-1;10.0.0.1;x;y;z\nweb-2;10.0.0.2;x;y;z\n', 1],
    ['it has one column', 'Hostname\nweb-1\nweb-2\n', 1],
    ['rows are nearly empty', 'Name;A;B;C;D\nx;;;;\ny;;;;\nz;1;;;\n', 1],
    ['a row looks like one', 'Key;Label\nHostname;IP Address\n', 1],
    ['rows are rows of numbers', 'a;b;c\n1;2;3\n4;5;6\n', 1],
  ])('is the first line that can be one when %s', async (_, text, header_row) => {
    expect((await read(text)).summary.detected.header_row).toBe(header_row);
  });

  it.each([
    ['an address', 'web-1,10.0.0.1\nweb-2,10.0.0.2\n', '10.0.0.1'],
    ['a date', 'web-1;Linux;2026-05-01\nweb-2;Linux;2026-05-02\n', '2026-05-01'],
    ['names that are counted and numbers', 'web-1;4;Linux\nweb-2;8;AIX\nweb-3;8;Linux\n', 'web-1'],
    ['the only column', 'web-1\nweb-2\nweb-3\n', 'web-1'],
    ['what the rows repeat', 'a;Linux;prod\nb;Linux;prod\nc;AIX;prod\nd;Linux;test\n', 'a'],
  ])('is refused when it holds %s, with what helps', async (_, text, shown) => {
    await expect(read(text)).rejects.toThrow(
      `Line 1 holds data where column names are expected, such as "${shown}". Put a line with the names of the ` +
        'columns above it, or say ?header=none to read it without; ?header=<line> says where the names are.',
    );
    const { cells, summary } = await read(text, { header: 'none' });
    expect(summary.columns[0]).toBe('column_1');
    expect(cells).toHaveLength(text.split('\n').length - 1);
  });

  it('may take two lines, where some of its cells are merged downwards', async () => {
    const { summary, cells } = await read(
      'Hostname;IP Address;Hardware;;Site\n;;CPU;RAM;\nweb-1;10.0.0.1;4;16;Bonn\nweb-2;10.0.0.2;8;32;Bonn\n',
    );
    expect(summary.columns).toEqual(['Hostname', 'IP Address', 'CPU', 'RAM', 'Site']);
    expect(summary.detected).toMatchObject({ header_row: 2, preamble_rows: 1 });
    expect(cells).toHaveLength(2);
  });

  it('may be commented out or count', async () => {
    expect((await read('#Name,Ort\nweb-1,Bonn\nweb-2,Köln\n')).summary.detected.header_row).toBe(1);
    expect((await read('#Hostname,IP\nweb-1,10.0.0.1\n')).summary.columns).toEqual(['#Hostname', 'IP']);
    const { cells } = await read('Rack,1,2,3\nR1,2,2,1\nR2,0,1,1\n');
    expect(cells[0]).toEqual({ 1: '2', 2: '2', 3: '1', Rack: 'R1' });
  });

  it('is where the request says', async () => {
    const { summary, cells } = await read(`x;y;z\n${HOSTS}`, { header: 1 });
    expect(summary).toMatchObject({
      columns: ['x', 'y', 'z'],
      detected: { header_row: 1, preamble_rows: 0 },
    });
    expect(cells).toHaveLength(3);
    expect((await read(`#TYPE a;b;c\n${HOSTS}`, { header: 1 })).summary.columns).toEqual([
      '#TYPE a',
      'b',
      'c',
    ]);
    await expect(read(HOSTS, { header: 9 })).rejects.toThrow(/^header: .*line 9 is empty/);
  });
});

describe('the lines of a table', () => {
  it.each(['--;--;--', ';---;', '-;-;-'])('hold a row of missing values: %s', async (row) => {
    expect((await read(`Hostname;IP Address;Rack\n${row}\nweb-1;10.0.0.1;R1\n`)).cells).toHaveLength(2);
    expect((await read(`${HOSTS}${row}\n`)).cells).toHaveLength(3);
  });

  it('are refused where blanks alone keep their cells apart', async () => {
    const text =
      'SQL> select name, ip from ci;\n\nNAME     IP\n-------- --------\nweb-1    10.0.0.1\nweb-2    10.0.0.2\n\n2 rows selected.\n';
    await expect(read(text)).rejects.toThrow(/Line 4 shows columns of a fixed width/);
    expect((await read(text, { delimiter: '|', header: 3 })).cells).toHaveLength(2);
  });

  it('do not hold a sum whose figures are missing, where there are columns enough to know it', async () => {
    const wide = 'Hostname;IP Address;Rack;OS\nweb-1;10.0.0.1;R1;Linux\nTotal;;;\n';
    expect((await read(wide)).cells).toHaveLength(1);
    expect((await read(`${HOSTS}Total;;\n`)).cells).toHaveLength(3);
  });

  it('do not hold the foot of a page and the head of the next', async () => {
    const { cells, summary } = await read(`Servers\n${HOSTS}Page 1 of 2\nServers\n${HOSTS}Page 2 of 2\n`);
    expect(cells).toHaveLength(4);
    expect(summary.detected).toMatchObject({ footer_rows: 2, repeated_headers: 1 });
  });

  it.each([
    ['Row count: 2', 1],
    ['(2 rows)', 1],
    ['2 rows selected.', 1],
    ['EOF', 1],
    ['-- End of report --', 1],
    ['Total;;2', 1],
    ['Summary;;2', 1],
    ['Summe: 2', 1],
    ['TOTAL;2 máquinas;17.515,75', 1],
    [';Total boxes;2', 1],
    ['Summary;;1,433.60', 1],
    ['Anzahl Zeilen: 2', 1],
    ['Nombre de lignes : 2', 1],
    ['Row count;2', 1],
    ['\nTotal rows: 2\nConfidential\nPrepared for the board', 3],
    ['+---+---+', 1],
  ])('end where the footer %j begins', async (footer, footer_rows) => {
    const { cells, summary } = await read(`${HOSTS}${footer}\n`);
    expect(cells.map(({ Hostname }) => Hostname)).toEqual(['web-1', 'web-2']);
    expect(summary.detected).toMatchObject({ footer_rows });
    expect(summary.detected.skipped_lines.every(({ why }) => why === 'footer')).toBe(true);
    const kept = await read(`${HOSTS}${footer}\n`, { keep_footer: true });
    expect(kept.cells).toHaveLength(2 + footer_rows);
  });

  it.each([
    'Total Commander;;',
    'web-3;;',
    'total;10.0.0.3;R3',
    'Page;;',
    'end-1;;',
    'row3;;',
    'record-1;;',
    'confidential-db1;;',
    'copyright.example.com;;',
    'Total;host;',
  ])('go on with %j', async (row) => {
    expect((await read(`${HOSTS}${row}\n`)).cells).toHaveLength(3);
    expect((await read(`${HOSTS}EOF;;\n${row}\nx;10.0.0.3;R4\n`)).cells).toHaveLength(5);
  });

  it('may stand far below empty ones', async () => {
    const { rows, summary } = await read(`${';;\n'.repeat(200_000)}${HOSTS}`);
    expect([rows.length, summary.detected.header_row]).toEqual([2, 200_001]);
  });

  it('are told from a footer in no time, however many blanks their last cells hold', async () => {
    const blanks = ' '.repeat(490);
    const page = `${HOSTS}1${blanks}1;;\nrow${blanks}x;;\n`;
    const started = Date.now();
    const { rows, summary } = await read(page.repeat(200));
    expect(Date.now() - started).toBeLessThan(2000);
    expect([rows.length, summary.detected.repeated_headers]).toEqual([800, 199]);
  });

  it('keep no repeated header, nor what stands above it on each page', async () => {
    const { cells, summary } = await read(`Page head\n${HOSTS}Page head\n${HOSTS}`);
    expect(cells.map(({ Hostname }) => Hostname)).toEqual(['web-1', 'web-2', 'web-1', 'web-2']);
    expect(summary.detected).toMatchObject({ header_row: 2, preamble_rows: 1, repeated_headers: 1 });
    expect(summary.detected.skipped_lines.map(({ line, why }) => [line, why])).toEqual([
      [1, 'preamble'],
      [5, 'preamble'],
      [6, 'repeated_header'],
    ]);
  });

  it('may be drawn, as databases print them', async () => {
    const { cells, summary } = await read(
      ' hostname | ip_address \n----------+------------\n web-1    | 10.0.0.1\n web-2    | 10.0.0.2\n(2 rows)\n',
    );
    expect(cells).toEqual([
      { hostname: ' web-1    ', ip_address: ' 10.0.0.1' },
      { hostname: ' web-2    ', ip_address: ' 10.0.0.2' },
    ]);
    expect(summary.detected.skipped_lines.map(({ why }) => why)).toEqual(['separator', 'footer']);
  });

  it('reject a comment among the records', async () => {
    const { rows } = await read(`${HOSTS}# TODO: the others\n#web-3;10.0.0.3;R3\n`);
    expect(rows.map(({ errors }) => errors.map(({ code }) => code))).toEqual([[], [], ['comment'], []]);
  });

  it('take a bare # beside empty cells for a record, and alone on its line for a comment', async () => {
    const { rows } = await read(`${HOSTS}#;;\n#\n`);
    expect(rows.map(({ errors }) => errors.map(({ code }) => code))).toEqual([[], [], [], ['comment']]);
  });

  it.each([
    ['a;b\r\n1;2\r\n', 'crlf'],
    ['a;b\n1;2\n', 'lf'],
    ['a;b\r1;2\r', 'cr'],
    ['a;b\r\n1;2\n', 'mixed'],
    ['a;b\r\n"1\n2";3\r\n', 'crlf'],
    ['a;b', null],
  ])('of %j end as is said: %s', async (text, line_ends) => {
    expect((await read(text)).summary.detected.line_ends).toBe(line_ends);
  });

  it('leave out columns without a name and a value', async () => {
    const { summary } = await read(';Hostname;;Rack;\n;web-1;;R1;\n');
    expect(summary).toMatchObject({ columns: ['Hostname', 'Rack'], detected: { empty_columns: 3 } });
  });

  it.each(['^', '~', '\x1f'])('may be delimited by %j', async (delimiter) => {
    const { table, cells } = await read(HOSTS.replaceAll(';', delimiter));
    expect([table.delimiter, cells[1]?.Rack]).toEqual([delimiter, 'R2']);
  });
});
