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

const BARE_NAMES = new Set(['name', 'nom', 'nombre']);

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

const FINDING_KEYS = new Set(['cve', 'cves', 'cveid', 'cvss', 'cvssscore', 'pluginid', 'qid']);
// Each alone may describe a machine.
const FINDING_HINTS = new Set([
  'severity',
  'solution',
  'port',
  'protocol',
  'risk',
  'synopsis',
  'finding',
  'vulnerability',
]);

const APPLICATION_KEYS = new Set([
  'appid',
  'appowner',
  'apptype',
  'applicationid',
  'applicationowner',
  'applicationtype',
  'anwendungsid',
  'businesscapability',
  'idapplication',
  'idaplicacion',
]);

const MACHINE_FIELDS = new Set<AssetField>([
  'hostname',
  'fqdn',
  'ip_address',
  'operating_system',
  'serial_number',
]);
const SIZES = new Set<AssetField>(['cpu_cores', 'memory_gb', 'storage_gb']);

const WHOLE = new Set(['max', 'maximum']);

/** The headers of a table, by their keys, and everything that each of them may mean. */
export interface TableHeaders {
  keys: readonly string[];
  guesses: readonly HeaderGuess[];
}

/** Whether the other columns of the table show that a guess is wrong. */
export function refutedByTable(guess: HeaderGuess, table: TableHeaders): boolean {
  if (guess.field === 'application_name' && BARE_NAMES.has(guess.synonym)) return !listsApplications(table);
  if (isOfAnother(guess, table) || isUsedPart(guess, table)) return true;
  // Beside a column of machines (`VM` in RVTools) it is the hypervisor that they run on.
  return (
    guess.synonym === 'host' &&
    table.guesses.some(
      (other) => other.field === 'name' && other.certainty !== 'hint' && !isOfAnother(other, table),
    )
  );
}

/** Whether it names what is no machine: a person, a product, a weakness, an application. */
function isOfAnother({ field, synonym, qualifier }: HeaderGuess, table: TableHeaders): boolean {
  const isBare = qualifier === null && BARE_NAMES.has(synonym);
  if (field === 'name') {
    return (
      isCatalogue(table) ||
      // A list of machines may name the person who uses each.
      (isBare && (listsFindings(table) || listsApplications(table) || listsPeople(table)))
    );
  }
  return field === 'description' && listsFindings(table);
}

/** Beside `maxmem` or `Memory total` a bare `mem` is what is used of it. */
function isUsedPart({ field, synonym, qualifier }: HeaderGuess, { guesses }: TableHeaders): boolean {
  return (
    SIZES.has(field) &&
    qualifier === null &&
    guesses.some(
      (other) => other.synonym === synonym && other.qualifier !== null && WHOLE.has(other.qualifier),
    )
  );
}

function listsPeople({ keys, guesses }: TableHeaders): boolean {
  return (
    has(keys, PERSON_KEYS) && !guesses.some(({ field }) => MACHINE_FIELDS.has(field) || SIZES.has(field))
  );
}

function isCatalogue({ keys, guesses }: TableHeaders): boolean {
  return has(keys, CATALOGUE_KEYS) && !guesses.some(({ field }) => MACHINE_FIELDS.has(field));
}

function listsFindings({ keys }: TableHeaders): boolean {
  return has(keys, FINDING_KEYS) || keys.filter((key) => FINDING_HINTS.has(key)).length > 1;
}

function listsApplications({ keys, guesses }: TableHeaders): boolean {
  return (
    has(keys, APPLICATION_KEYS) &&
    !guesses.some(({ field }) => MACHINE_FIELDS.has(field) || SIZES.has(field)) &&
    !guesses.some(({ field, synonym }) => field === 'application_name' && !BARE_NAMES.has(synonym))
  );
}

function has(keys: readonly string[], some: ReadonlySet<string>): boolean {
  return keys.some((key) => some.has(key));
}
