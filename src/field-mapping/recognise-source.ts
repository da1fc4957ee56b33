import { ProfileColumns } from './profile-columns';
import type { Signature, SourceProfile } from './source-profile';

/** The profile whose files have such columns, of several the one that knows most of them; null for none. */
export function recogniseSource(
  columns: readonly string[],
  profiles: readonly SourceProfile[],
): SourceProfile | null {
  const found = new ProfileColumns(columns);
  let best: { profile: SourceProfile; known: number } | null = null;
  for (const profile of profiles) {
    const known = Math.max(0, ...profile.recognised_by.map((signature) => knownHeaders(signature, found)));
    if (known > (best?.known ?? 0)) best = { profile, known };
  }
  return best?.profile ?? null;
}

/** How many of the signature's headers the table has; 0 where it does not fit. */
function knownHeaders({ all, some, at_least }: Signature, columns: ProfileColumns): number {
  const count = (headers: readonly string[]) =>
    headers.filter((header) => columns.find(header) !== null).length;
  const required = count(all);
  const further = count(some);
  return required === all.length && further >= at_least ? required + further : 0;
}
