import type { AssetField } from './asset-fields';
import type { Certainty } from './field-synonyms';
import type { WordClass } from './header-lexicon';

export interface HeaderRule {
  /** The phrase that such headers are another wording of. */
  means: string;
  field: AssetField;
  certainty: Certainty;
  /** What the words must say, each by a word of its own. */
  needs: readonly WordClass[];
  /** What further words may say without changing that. */
  may: readonly WordClass[];
}

const AMOUNT: readonly WordClass[] = ['count', 'total', 'kind', 'machine', 'hardware', 'size'];
const WHOSE: readonly WordClass[] = [
  'machine',
  'application',
  'name',
  'main',
  'team',
  'owner',
  'contact',
  'hardware',
];

/** What headers mean by the words that they are made of, in whatever order; the first rule that fits decides. */
export const HEADER_RULES: readonly HeaderRule[] = [
  rule('fqdn', 'certain', 'fqdn', ['fqdn'], ['machine', 'name', 'main', 'address', 'os', 'dns', 'private']),
  rule('fqdn', 'certain', 'full dns name', ['full', 'dns'], ['name', 'machine', 'full']),
  rule('fqdn', 'certain', 'full host name', ['full', 'hostname'], ['machine', 'full', 'dns']),
  rule('fqdn', 'certain', 'full computer name', ['full', 'machine', 'name'], ['dns', 'full']),
  rule('hostname', 'certain', 'host name', ['hostname'], ['os', 'network', 'short', 'name']),
  rule(
    'ip_address',
    'likely',
    'ip address',
    ['ip'],
    ['address', 'private', 'network', 'machine', 'main', 'os'],
  ),
  rule('operating_system', 'certain', 'operating system', ['os'], ['name', 'machine']),
  rule('operating_system', 'likely', 'os type', ['os', 'os_detail'], ['name', 'machine', 'os_detail']),
  rule('operating_system', 'undecided', 'os version', ['os', 'version'], ['name', 'machine', 'os_detail']),
  rule('cpu_cores', 'certain', 'cores', ['core'], ['cpu', 'core', ...AMOUNT]),
  rule('cpu_cores', 'likely', 'cpu count', ['cpu', 'count'], ['core', ...AMOUNT]),
  rule('cpu_cores', 'likely', 'logical cpus', ['cpu', 'kind'], AMOUNT),
  rule('cpu_cores', 'likely', 'total cpus', ['cpu', 'total'], AMOUNT),
  rule(
    'memory_gb',
    'certain',
    'memory',
    ['memory'],
    ['memory', 'total', 'kind', 'machine', 'hardware', 'size'],
  ),
  rule(
    'storage_gb',
    'certain',
    'disk size',
    ['disk', 'size'],
    ['disk', 'total', 'kind', 'machine', 'hardware', 'size', 'os'],
  ),
  rule(
    'storage_gb',
    'undecided',
    'disks',
    ['disk'],
    ['disk', 'total', 'kind', 'machine', 'hardware', 'private'],
  ),
  rule('asset_type', 'certain', 'asset type', ['type', 'machine'], ['name', 'machine']),
  rule(
    'environment',
    'certain',
    'environment',
    ['environment'],
    ['machine', 'name', 'type', 'application', 'kind'],
  ),
  rule('location', 'likely', 'availability zone', ['zone', 'availability'], ['name']),
  rule('location', 'certain', 'location', ['place'], ['place', 'machine', 'name', 'hosting', 'kind', 'main']),
  rule(
    'criticality',
    'certain',
    'criticality',
    ['criticality'],
    ['business', 'application', 'machine', 'level'],
  ),
  rule('status', 'certain', 'migration status', ['migration', 'state'], ['machine']),
  rule('serial_number', 'likely', 'serial number', ['serial'], ['count', 'machine', 'hardware', 'main']),
  rule('technical_owner', 'certain', 'technical owner', ['owner', 'technical'], ['technical', ...WHOSE]),
  rule('technical_owner', 'certain', 'technical contact', ['contact', 'technical'], ['technical', ...WHOSE]),
  rule(
    'technical_owner',
    'likely',
    'administrator',
    ['technician'],
    ['technical', 'owner', 'contact', 'machine', 'application', 'hardware', 'name', 'main'],
  ),
  rule(
    'technical_owner',
    'likely',
    'it team',
    ['team', 'technical'],
    ['technical', 'machine', 'name', 'main'],
  ),
  rule('business_owner', 'certain', 'business owner', ['owner', 'business'], ['business', ...WHOSE]),
  rule('business_owner', 'certain', 'business contact', ['contact', 'business'], ['business', ...WHOSE]),
  rule(
    'business_owner',
    'likely',
    'application owner',
    ['owner', 'application'],
    ['name', 'machine', 'main'],
  ),
  rule('business_owner', 'likely', 'application contact', ['contact', 'application'], ['name', 'main']),
  rule('business_owner', 'likely', 'owner', ['owner'], ['name', 'machine', 'main', 'hardware']),
  rule('application_name', 'certain', 'application', ['application'], ['name', 'business', 'main', 'hosted']),
  // Who is named with a machine and nothing more is who looks after it.
  rule('technical_owner', 'likely', 'contact', ['contact'], ['team', 'main', 'machine', 'name']),
  rule('technical_owner', 'likely', 'team', ['team'], ['machine', 'name', 'owner']),
  rule(
    'description',
    'likely',
    'description',
    ['description'],
    ['machine', 'short', 'application', 'description'],
  ),
  rule('name', 'likely', 'machine name', ['name', 'machine'], []),
];

function rule(
  field: AssetField,
  certainty: Certainty,
  means: string,
  needs: readonly WordClass[],
  may: readonly WordClass[],
): HeaderRule {
  return { field, certainty, means, needs, may };
}
