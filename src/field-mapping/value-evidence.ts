import type { AssetField } from './asset-fields';
import type { ByteUnit } from './byte-unit';
import { cellReader } from './cell-reader';
import { CLOUD_ZONE, FQDN, HOST_NAME } from './cell-forms';
import { columnUnit } from './column-unit';
import type { Certainty } from './field-synonyms';
import { isDamagedNumber } from './is-damaged-number';
import { isNetwork } from './is-network';
import { namesOperatingSystem } from './names-operating-system';
import { normaliseWord } from './normalise-word';
import { parseDecimal } from './parse-decimal';

export interface Evidence {
  verdict: 'agrees' | 'disagrees' | 'silent';
  /** As a person reads it; null where the cells can be any text. */
  text: string | null;
}

interface Claim {
  field: AssetField;
  /** What the header was taken for; null where a profile knows the column. */
  synonym: string | null;
  certainty?: Certainty;
}

const HALF = 0.5;
// Every inventory has types of its own, and a header that says type must not hold ours alone.
const FEW = 0.25;

const SILENT: Evidence = { verdict: 'silent', text: null };

const SAID_AS: Partial<Record<AssetField, string>> = {
  fqdn: 'full domain names',
  hostname: 'host names',
  ip_address: 'IP addresses',
  operating_system: 'names of operating systems',
  cpu_cores: 'numbers of cores',
  memory_gb: 'amounts of memory',
  storage_gb: 'amounts of storage',
  asset_type: 'types of assets',
  environment: 'names of environments',
  status: 'states of a migration',
  criticality: 'levels of criticality',
  location: 'zones of a cloud',
};

// What may also be the domain of a directory, which many machines share.
const DIRECTORY_DOMAINS = new Set([
  'domain',
  'domain name',
  'domane',
  'domaine',
  'nom domaine',
  'dominio',
  'nombre dominio',
]);
// What may also be how many there are: only a unit tells.
const COUNTED = new Set([
  'disks',
  'hard disks',
  'hard drives',
  'volumes',
  'festplatten',
  'platten',
  'disques',
  'discos',
]);
// What may also be a zone of a network or of a building.
const ZONES = new Set(['zone', 'zones', 'az', 'zona']);
// The largest machines have fewer cores; a column of megahertz has more.
const MOST_CORES = 4096;

/** What the cells of a column, without the empty ones, say to a claim that they hold a field. */
export function valueEvidence(
  claim: Claim,
  header: string,
  cells: readonly string[],
  knownUnit: ByteUnit | null = null,
): Evidence {
  if (cells.length === 0) return SILENT;
  if (claim.field === 'serial_number') return serialEvidence(cells);
  const fits = cellTest(claim, header, cells, knownUnit);
  if (fits === null) return SILENT;
  const count = cells.filter(fits).length;
  const text = `${count} of ${cells.length} cells are ${SAID_AS[claim.field] ?? 'what it asks for'}`;
  const asked = claim.field === 'asset_type' && claim.certainty === 'certain' ? FEW : HALF;
  return { verdict: count >= cells.length * asked ? 'agrees' : 'disagrees', text };
}

function serialEvidence(cells: readonly string[]): Evidence {
  const damaged = cells.filter(isDamagedNumber);
  if (damaged.length === 0) return SILENT;
  return {
    verdict: damaged.length * 2 >= cells.length ? 'disagrees' : 'silent',
    text: `${damaged.length} of ${cells.length} cells are numbers that a spreadsheet has rounded, such as ${damaged[0] ?? ''}`,
  };
}

/** Bare numbers below one, where most are, are shares of the processors in use. */
function areShares(cells: readonly string[]): boolean {
  const shares = cells.map(parseDecimal).filter((number) => number !== null && number < 1);
  return shares.length * 2 > cells.length;
}

/** Null for a field whose cells can be any text. */
function cellTest(
  { field, synonym }: Claim,
  header: string,
  cells: readonly string[],
  knownUnit: ByteUnit | null,
): ((cell: string) => boolean) | null {
  const read = cellReader(field, header, cells, knownUnit);
  switch (field) {
    case 'fqdn':
      return synonym !== null && DIRECTORY_DOMAINS.has(synonym) && !tellsMachinesApart(cells)
        ? () => false
        : (cell) => FQDN.test(cell);
    case 'hostname':
      return (cell) => HOST_NAME.test(cell) || FQDN.test(cell);
    case 'operating_system':
      return namesOperatingSystem;
    case 'cpu_cores':
      return areShares(cells) ? () => false : (cell) => Number(read(cell) ?? Infinity) <= MOST_CORES;
    case 'storage_gb':
      if (synonym !== null && COUNTED.has(synonym) && columnUnit(field, header, cells, knownUnit) === null)
        return (cell) => parseDecimal(cell) === null && read(cell) !== null;
      return (cell) => read(cell) !== null;
    case 'ip_address':
      return (cell) => read(cell) !== null && !isNetwork(cell) && !cell.includes('{');
    case 'asset_type':
      // Everything may be `Other`.
      return synonym === null || cells.some((cell) => (normaliseWord(field, cell) ?? 'other') !== 'other')
        ? (cell) => read(cell) !== null
        : () => false;
    case 'location':
      return synonym !== null && ZONES.has(synonym) ? (cell) => CLOUD_ZONE.test(cell) : null;
    case 'memory_gb':
    case 'environment':
    case 'status':
    case 'criticality':
      return (cell) => read(cell) !== null;
    default:
      return null;
  }
}

/** The domain of a directory looks like an FQDN too, but a column of them repeats itself, and a single one is short. */
function tellsMachinesApart(cells: readonly string[]): boolean {
  if (cells.length === 1) return cells.some((cell) => cell.split('.').length > 2);
  return new Set(cells).size * 2 > cells.length;
}
