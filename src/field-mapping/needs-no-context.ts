import type { AssetField } from './asset-fields';
import type { HeaderGuess } from './header-guesses';

// A name, a place or a type may be of anything on the path; these are hardly of anything but the machine.
const OF_A_MACHINE: ReadonlySet<AssetField> = new Set<AssetField>([
  'fqdn',
  'operating_system',
  'memory_gb',
  'storage_gb',
]);
const CERTAIN_OF_A_MACHINE: ReadonlySet<AssetField> = new Set<AssetField>([
  'cpu_cores',
  'environment',
  'criticality',
  'business_owner',
  'technical_owner',
]);

const OF_ANOTHER =
  /parent|gateway|image|licen[cs]e|lizenz|source|target|flavor|limit|request|allocatable|free|used|usage|recommend|peer|cluster|backup|previous|pool|datastore|quota|reserv|snapshot|template|supplier|vendor|contract|contrat|invoice/i;

/** Whether the end of a path may be read without the objects that lead to it. */
export function standsAlone(context: string): boolean {
  return !OF_ANOTHER.test(context);
}

export function needsNoContext({ field, certainty }: HeaderGuess): boolean {
  if (CERTAIN_OF_A_MACHINE.has(field)) return certainty === 'certain';
  return OF_A_MACHINE.has(field) && (certainty === 'certain' || certainty === 'likely');
}
