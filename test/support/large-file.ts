import type { Answer, ApiClient } from './api-client';
import { GeneratedInventory } from './generated-inventory';
import { peakMemory } from './process-facts';
import type { ProcessBench } from './process-bench';
import type { ServiceProcess } from './service-process';
import { uploadStream } from './upload-request';

/** It takes 240 to 260, whatever the size; the files of the slow tests would take hundreds more. */
const MAX_MEMORY_MB = 320;

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

export function expectFlatMemory(service: ServiceProcess): void {
  expect(peakMemory(service) ?? 0).toBeLessThan(MAX_MEMORY_MB);
}
