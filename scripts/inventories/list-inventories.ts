import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { Expectation, Expectations } from './expectation';

/** A file, or a sheet of it, that is to be tried. */
export interface Inventory {
  path: string;
  /** The file inside its folder, with `#sheet` for a sheet that is not read by default. */
  name: string;
  /** Null: the one that is read by default. */
  sheet: string | null;
  /** How many rows it has; null where no manifest says it. */
  rows: number | null;
  /** How many rows each of its sheets has, as far as a manifest says it. */
  sheetRows: Readonly<Record<string, number>>;
  expectation: Expectation | null;
}

const MANIFEST = 'MANIFEST.json';
const manifestSchema = z.array(
  z.object({
    file: z.string(),
    rows: z.number(),
    sheets: z.array(z.object({ sheet: z.string(), rows: z.number() })).default([]),
  }),
);

/** Every file of a folder and the folders in it, in the order of their names, each with its sheets that are expected apart. */
export function listInventories(directory: string, expectations: Expectations): Inventory[] {
  const manifest = new Map(readManifest(directory).map((entry) => [entry.file, entry]));
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== MANIFEST && !entry.name.startsWith('.'))
    .map((entry) => resolve(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const name = path.slice(resolve(directory).length + 1).replaceAll(sep, '/');
      const { rows = null, sheets = [] } = manifest.get(name) ?? {};
      const sheetRows = Object.fromEntries(sheets.map((entry) => [entry.sheet, entry.rows]));
      return expectationsOf(path, expectations).map(([sheet, expectation]) => ({
        path,
        name: sheet === null ? name : `${name}#${sheet}`,
        sheet,
        rows: sheet === null ? rows : (sheetRows[sheet] ?? null),
        sheetRows,
        expectation,
      }));
    });
}

/** The expectation for the file itself, and those for other sheets of it. */
function expectationsOf(path: string, expectations: Expectations): [string | null, Expectation | null][] {
  const slashed = path.replaceAll(sep, '/');
  const known = Object.entries(expectations).flatMap(([key, expectation]) => {
    const [file = '', sheet = null] = key.split('#');
    // The folder that was asked for may lie inside or above the one that the expectations count from.
    return slashed.endsWith(`/${file}`) ? [[sheet, expectation] as [string | null, Expectation]] : [];
  });
  return known.some(([sheet]) => sheet === null) ? known : [[null, null], ...known];
}

function readManifest(directory: string): z.infer<typeof manifestSchema> {
  const path = join(directory, MANIFEST);
  return existsSync(path) ? manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : [];
}
