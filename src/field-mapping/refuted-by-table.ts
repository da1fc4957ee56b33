import type { AssetField } from './asset-fields';
import { headerGuesses, type HeaderGuess } from './header-guesses';

const PERSON_KEYS = new Set([
  'email',
  'emailaddress',
  'mail',
  'firstname',
  'lastname',
  'vorname',
  'nachname',
  'username',
]);

const MACHINE_FIELDS = new Set<AssetField>([
  'hostname',
  'fqdn',
  'ip_address',
  'operating_system',
  'cpu_cores',
  'memory_gb',
  'storage_gb',
  'serial_number',
]);

/** Whether the other columns of the table, by their keys, show that a guess is wrong. */
export function refutedByTable(guess: HeaderGuess, keys: readonly string[]): boolean {
  switch (guess.synonym) {
    case 'host':
      // Beside a column of machines (`VM` in RVTools) it is the hypervisor that they run on.
      return someGuess(keys, ({ field, certainty }) => field === 'name' && certainty !== 'hint');
    case 'name':
      // In a list of people it is a person's. A list of machines may name the person who uses each.
      return (
        guess.qualifier === null &&
        keys.some((key) => PERSON_KEYS.has(key)) &&
        !someGuess(keys, ({ field }) => MACHINE_FIELDS.has(field))
      );
    default:
      return false;
  }
}

function someGuess(keys: readonly string[], test: (guess: HeaderGuess) => boolean): boolean {
  return keys.some((key) => headerGuesses(key).some(test));
}
