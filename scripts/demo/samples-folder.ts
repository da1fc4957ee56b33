import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Compiled, this file lies one level deeper, in `dist/`. */
const CANDIDATES = [join(__dirname, '../../samples'), join(__dirname, '../../../samples')];

export function samplesFolder(): string {
  const found = CANDIDATES.find((folder) => existsSync(folder));
  if (found === undefined)
    throw new Error(`The sample inventories are missing: there is no ${CANDIDATES.join(' and no ')}`);
  return found;
}
