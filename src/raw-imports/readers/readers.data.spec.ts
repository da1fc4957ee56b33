import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { countRecognisedHeaders } from '../../field-mapping/count-recognised-headers';
import { readTable } from './read-table.spec-helper';

interface Sample {
  file: string;
  format: string;
  rows: number;
  columns: number | null;
  delimiter: string | null;
  header_row: number | null;
  encoding: string;
}

/** Real exports, which may not be copied into the project. */
const FOLDER = join(__dirname, '../../../../shared/data');
const isThere = existsSync(join(FOLDER, 'MANIFEST.json'));
const samples: Sample[] = isThere ? JSON.parse(readFileSync(join(FOLDER, 'MANIFEST.json'), 'utf8')) : [];

/** All sheets of machines in this one know the same headers, so the first is read; the manifest counts the last. */
const SHEETS: Partial<Record<string, string>> = {
  'azure-migrate/AzureMigrate_Assessment_Core_Report.xlsx': 'All_VM_IaaS_Server_Rehost_Perf',
};
const ENCODINGS: Partial<Record<string, string>> = {
  'windows-1252': 'windows-1252',
  'utf-16le-bom': 'utf-16le',
};

/** One of them has a line `# TODO: …`. */
const REJECTS: Partial<Record<string, string[]>> = { 'foreman-hammer/setup_content-hosts.csv': ['comment'] };

if (isThere) describe('the real inventories of ../shared/data', theyComeOut);
else it.skip('the real inventories of ../shared/data come out (they are not there)', () => undefined);

function theyComeOut(): void {
  it.each(samples.map((sample) => [sample.file, sample] as const))('%s', async (file, sample) => {
    const content = readFileSync(join(FOLDER, file));
    const request = { filename: file, sheet: SHEETS[file] ?? null };
    const { table, rows, summary } = await readTable(content, request, countRecognisedHeaders);
    expect(rows).toHaveLength(sample.rows);
    expect(rows.flatMap((row) => row.errors.map(({ code }) => code))).toEqual(REJECTS[file] ?? []);
    expect(summary.detected).toMatchObject({
      header_row: sample.header_row,
      footer_rows: 0,
      repeated_headers: 0,
    });
    if (sample.delimiter) expect(table.delimiter).toBe(sample.delimiter.replace('TAB', '\t'));
    const encoding = ENCODINGS[sample.encoding];
    if (encoding) expect(table.encoding).toBe(encoding);
    // The manifest counts columns without header and text as well.
    if (sample.columns) expect(summary.columns.length).toBeLessThanOrEqual(sample.columns);
  });

  it('reads a blank before a quote without a cell too many', async () => {
    const { cells } = await readTable(
      readFileSync(join(FOLDER, 'konveyor-tackle2/template_application_import.csv')),
    );
    expect(cells.map((row) => Object.keys(row).length)).toEqual([57, 57, 57]);
    expect(cells[0]?.Contributors).toBe(
      'Sam Taylor <sam.taylor@example.com>, Jamie Lee <jamie.lee@example.com>',
    );
  });

  it('counts the phantom rows of a sheet', async () => {
    const content = readFileSync(join(FOLDER, 'rvtools/SizingWorkshop-RVTools.xlsx'));
    expect((await readTable(content, {}, countRecognisedHeaders)).summary.empty_rows_skipped).toBe(2698);
  });
}
