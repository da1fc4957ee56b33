import type { AssetField } from './asset-fields';
import type { ByteUnit } from './byte-unit';
import { cellReader } from './cell-reader';
import { FQDN, HOST_NAME, OPERATING_SYSTEM } from './cell-forms';
import { columnUnit } from './column-unit';
import { isDamagedNumber } from './is-damaged-number';
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
}

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
  return { verdict: count * 2 >= cells.length ? 'agrees' : 'disagrees', text };
}

function serialEvidence(cells: readonly string[]): Evidence {
  const damaged = cells.filter(isDamagedNumber);
  if (damaged.length === 0) return SILENT;
  return {
    verdict: damaged.length * 2 >= cells.length ? 'disagrees' : 'silent',
    text: `${damaged.length} of ${cells.length} cells are numbers that a spreadsheet has rounded, such as ${damaged[0] ?? ''}`,
  };
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
      return (cell) => OPERATING_SYSTEM.test(cell);
    case 'cpu_cores':
      return (cell) => Number(read(cell) ?? Infinity) <= MOST_CORES;
    case 'storage_gb':
      if (synonym !== null && COUNTED.has(synonym) && columnUnit(field, header, cells, knownUnit) === null)
        return (cell) => parseDecimal(cell) === null && read(cell) !== null;
      return (cell) => read(cell) !== null;
    case 'ip_address':
    case 'memory_gb':
    case 'asset_type':
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
