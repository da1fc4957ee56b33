import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, ApiClient } from './api-client';
import { GeneratedInventory } from './generated-inventory';
import type { GeneratedWorkbook } from './generated-workbook';
import { peakMemory } from './process-facts';
import type { ProcessBench } from './process-bench';
import type { ServiceProcess } from './service-process';
import { uploadStream } from './upload-request';

/** It takes 150 to 250, whatever the size of the file. */
const MAX_MEMORY_MB = 300;

/** Imports a file of this size; every row must come in. @returns the answer. */
export async function importLargeFile(
  { sql }: ProcessBench,
  client: ApiClient,
  bytes: number,
): Promise<Answer> {
  const inventory = new GeneratedInventory(bytes);
  const answer = await uploadStream(client, 'large.csv', inventory.content());
  const { rows } = inventory;
  expect([answer.status, answer.body]).toMatchObject([
    201,
    { total_records: rows, valid_records: rows, rejected_records: 0 },
  ]);
  const { rows: counts } = await sql.query(
    `SELECT count(*)::int AS rows, count(DISTINCT row_number)::int AS numbers, max(row_number) AS last,
            count(*) FILTER (WHERE raw_data ->> 'Serial Number' = '00' || row_number
                               AND raw_data ->> 'Note' = format('rack %s, "row" %s', row_number % 40, row_number))::int AS whole
       FROM migration.raw_import_records WHERE data_import_id = $1`,
    [answer.body.id],
  );
  expect(counts).toEqual([{ rows, numbers: rows, last: rows, whole: rows }]);
  return answer;
}

/** Imports a workbook of this size, its texts shared or in their cells; every row must come in. */
export async function importLargeWorkbook(
  { sql }: ProcessBench,
  client: ApiClient,
  workbook: GeneratedWorkbook,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'discovery-wiring-workbook-'));
  try {
    const path = join(directory, 'large.xlsx');
    const file = await open(path, 'w');
    await workbook.write(file);
    await file.close();
    const answer = await uploadStream(client, 'large.xlsx', createReadStream(path));
    const { rows } = workbook;
    expect([answer.status, answer.body]).toMatchObject([201, { total_records: rows, rejected_records: 0 }]);
    const { rows: some } = await sql.query(
      `SELECT row_number, raw_data FROM migration.raw_import_records
        WHERE data_import_id = $1 AND row_number % 1000 = 1 ORDER BY row_number`,
      [answer.body.id],
    );
    const expected = [];
    for (let row_number = 1; row_number <= rows; row_number += 1000)
      expected.push({ row_number, raw_data: workbook.row(row_number) });
    expect(some).toEqual(expected);
  } finally {
    await rm(directory, { recursive: true });
  }
}

export function expectFlatMemory(service: ServiceProcess): void {
  expect(peakMemory(service) ?? 0).toBeLessThan(MAX_MEMORY_MB);
}
