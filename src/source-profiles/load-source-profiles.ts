import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ASSET_FIELDS, type AssetField } from '../field-mapping/asset-fields';
import { ASSET_TYPES } from '../field-mapping/asset-words';
import { GENERIC_SOURCE, type SourceProfile } from '../field-mapping/source-profile';
import { SourceProfileError } from './source-profile.error';

/** Compiled, this file lies one level deeper, in `dist/`. */
const SHIPPED = [join(__dirname, '../../profiles'), join(__dirname, '../../../profiles')];

const headers = z.array(z.string().trim().min(1));
const fields = Object.keys(ASSET_FIELDS) as [AssetField, ...AssetField[]];

const signature = z
  .strictObject({
    all: headers.default([]),
    some: headers.default([]),
    at_least: z.int().min(0).default(0),
  })
  .refine(({ all, at_least }) => all.length + at_least > 0, 'must ask for at least one header')
  .refine(({ some, at_least }) => at_least <= some.length, 'at_least must not be more than `some` has');

const profile = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')
    .refine((source) => source !== GENERIC_SOURCE, `must not be ${GENERIC_SOURCE}, which is no profile's`),
  title: z.string().min(1),
  recognised_by: z.array(signature).min(1),
  fields: z.partialRecord(z.enum(fields), headers.min(1)),
  ignore: headers.default([]),
  only_these: z.boolean().default(false),
  units: z.record(z.string(), z.enum(['B', 'KB', 'MB', 'GB', 'TB', 'PB'])).default({}),
  asset_type: z.enum(ASSET_TYPES).nullable().default(null),
});

/**
 * Reads the profiles that come with the product and those of a folder of the user's own, one JSON file each. One of the
 * user's replaces the shipped one of the same source.
 * @throws SourceProfileError naming the file, and the property that is wrong in it.
 */
export function loadSourceProfiles(ownDirectory: string | null): SourceProfile[] {
  const shipped = SHIPPED.find((directory) => existsSync(directory));
  if (shipped === undefined)
    throw new SourceProfileError(`The source profiles are missing: there is no ${SHIPPED.join(' and no ')}`);
  const profiles = new Map<string, SourceProfile>();
  for (const directory of [shipped, ...(ownDirectory === null ? [] : [ownDirectory])]) {
    const seen = new Map<string, string>();
    for (const file of profileFiles(directory)) {
      const read = readProfile(file);
      const other = seen.get(read.source);
      if (other !== undefined)
        throw new SourceProfileError(`${file}: source: ${read.source} is already that of ${other}`);
      seen.set(read.source, file);
      profiles.set(read.source, read);
    }
  }
  return [...profiles.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
}

function profileFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    throw new SourceProfileError(
      `SOURCE_PROFILES_DIR: ${directory} cannot be read (${(error as Error).message})`,
    );
  }
}

function readProfile(file: string): SourceProfile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SourceProfileError(`${file}: ${(error as Error).message}`);
  }
  const result = profile.safeParse(content);
  if (result.success) return result.data;
  throw new SourceProfileError(
    `${file}: ${result.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`).join('; ')}`,
  );
}
