import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplesFolder } from './demo/samples-folder';
import { agentNdjson } from './sample-writers/agent-ndjson';
import { cmdbCsv } from './sample-writers/cmdb-csv';
import { Random } from './sample-writers/random';
import { rvtoolsWorkbook } from './sample-writers/rvtools-workbook';

/* Writes the inventories of `samples/` anew, the same bytes every time: `ts-node scripts/write-samples.ts` */

const SEED = 20_250_301;

async function main(): Promise<void> {
  const files = {
    'cmdb-servers-frankfurt.csv': cmdbCsv(new Random(SEED)),
    'rvtools-vcenter-muc.xlsx': await rvtoolsWorkbook(new Random(SEED)),
    'agents-aws.ndjson': agentNdjson(new Random(SEED)),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(samplesFolder(), name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
