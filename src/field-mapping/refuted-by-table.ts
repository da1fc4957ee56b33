import type { AssetField } from './asset-fields';
import type { HeaderGuess } from './header-guesses';

const PERSON_KEYS = new Set([
  'email',
  'emailaddress',
  'mail',
  'firstname',
  'lastname',
  'vorname',
  'nachname',
  'username',
  'prenom',
  'apellido',
  'apellidos',
  'correo',
  'courriel',
  'telephone',
  'phone',
  'telefono',
  'birthdate',
  'dateofbirth',
  'jobtitle',
]);

// Whoever lists what can be bought lists no machine of their own.
const CATALOGUE_KEYS = new Set([
  'series',
  'sku',
  'microarchitecture',
  'instancefamily',
  'priceperhour',
  'hourlyprice',
  'ondemandprice',
  'listprice',
  'unitprice',
]);

const MACHINE_FIELDS = new Set<AssetField>([
  'hostname',
  'fqdn',
  'ip_address',
  'operating_system',
  'serial_number',
]);
const SIZES = new Set<AssetField>(['cpu_cores', 'memory_gb', 'storage_gb']);

/** The headers of a table, by their keys, and everything that each of them may mean. */
export interface TableHeaders {
  keys: readonly string[];
  guesses: readonly HeaderGuess[];
}

/** Whether the other columns of the table show that a guess is wrong. */
export function refutedByTable(guess: HeaderGuess, { keys, guesses }: TableHeaders): boolean {
  if (guess.field === 'name' && isCatalogue({ keys, guesses })) return true;
  switch (guess.synonym) {
    case 'host':
      // Beside a column of machines (`VM` in RVTools) it is the hypervisor that they run on.
      return guesses.some(({ field, certainty }) => field === 'name' && certainty !== 'hint');
    case 'name':
    case 'nom':
    case 'nombre':
      // In a list of people it is a person's. A list of machines may name the person who uses each.
      return (
        guess.qualifier === null &&
        keys.some((key) => PERSON_KEYS.has(key)) &&
        !guesses.some(({ field }) => MACHINE_FIELDS.has(field) || SIZES.has(field))
      );
    default:
      return false;
  }
}

function isCatalogue({ keys, guesses }: TableHeaders): boolean {
  return (
    keys.some((key) => CATALOGUE_KEYS.has(key)) && !guesses.some(({ field }) => MACHINE_FIELDS.has(field))
  );
}
