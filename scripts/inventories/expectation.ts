import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ASSET_FIELDS, type AssetField } from '../../src/field-mapping/asset-fields';

const field = z.enum(Object.keys(ASSET_FIELDS) as [AssetField, ...AssetField[]]);
const oneOrSeveral = z
  .union([z.string(), z.array(z.string()).nonempty()])
  .transform((texts) => (typeof texts === 'string' ? [texts] : texts));
const columns = z.partialRecord(field, oneOrSeveral);

const expectation = z.strictObject({
  why: z.string().optional(),
  source: oneOrSeveral.optional(),
  sheet: z.string().optional(),
  fields: columns,
  optional: columns.default({}),
  wrong: z.array(z.tuple([field, z.string()])).default([]),
});

/** What a person would map in one file; `test/inventories/README.md` says what each part means. */
export type Expectation = z.infer<typeof expectation>;

/** By the file's path inside its folder, with `#sheet` for a sheet that is not read by default. */
export type Expectations = Readonly<Record<string, Expectation>>;

/** @throws Error that says what is wrong with the file. */
export function readExpectations(path: string): Expectations {
  const result = z.record(z.string(), expectation).safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`);
  return result.data;
}
