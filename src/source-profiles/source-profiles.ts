import { GENERIC_SOURCE, type SourceProfile } from '../field-mapping/source-profile';

/** Injection token of every profile that is known, `readonly SourceProfile[]`. */
export const SOURCE_PROFILES = Symbol('source profiles');

/** The profile of this source; null for the generic one, and for one that is not known any more. */
export function profileOf(source: string | null, profiles: readonly SourceProfile[]): SourceProfile | null {
  return profiles.find((profile) => profile.source === source) ?? null;
}

/** Every source that a file may be said to be of. */
export function knownSources(profiles: readonly SourceProfile[]): string[] {
  return [...profiles.map(({ source }) => source), GENERIC_SOURCE];
}
