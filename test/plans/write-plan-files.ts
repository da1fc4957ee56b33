import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlanFiles } from './read-plan-files';

const ROOT = join(__dirname, '../..');

/** Puts these, by their paths in the repository, in the place of the committed ones. */
export function writePlanFiles(plans: ReadonlyMap<string, string>): void {
  for (const path of readPlanFiles().keys()) if (!plans.has(path)) rmSync(join(ROOT, path));
  for (const [path, text] of plans) writeFileSync(join(ROOT, path), text);
}
