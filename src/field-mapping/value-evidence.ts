import { cellReader } from './cell-reader';
import type { HeaderGuess } from './header-guesses';

export type Evidence = 'agrees' | 'disagrees' | 'silent';

const LABEL = '[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}_])?';
const HOST_NAME = new RegExp(`^${LABEL}$`, 'u');
const FQDN = new RegExp(`^(?:${LABEL}\\.)+\\p{L}{2,}\\.?$`, 'u');
const OPERATING_SYSTEM =
  /windows|linux|ubuntu|debian|red ?hat|rhel|centos|fedora|suse|sles|solaris|sunos|aix|hp-?ux|z\/os|bsd|mac ?os|esxi/i;

// What may also be the domain of a directory, which many machines share.
const DIRECTORY_DOMAINS = new Set(['domain', 'domain name', 'domane']);
// The largest machines have fewer cores; a column of megahertz has more.
const MOST_CORES = 4096;

/** What the cells of a column, without the empty ones, say to a guess at its field. */
export function valueEvidence(guess: HeaderGuess, header: string, cells: readonly string[]): Evidence {
  const fits = cells.length === 0 ? null : cellTest(guess, header, cells);
  if (fits === null) return 'silent';
  return cells.filter(fits).length * 2 >= cells.length ? 'agrees' : 'disagrees';
}

/** Null for a field whose cells can be any text. */
function cellTest(
  { field, synonym }: HeaderGuess,
  header: string,
  cells: readonly string[],
): ((cell: string) => boolean) | null {
  const read = cellReader(field, header, cells);
  switch (field) {
    case 'fqdn':
      return DIRECTORY_DOMAINS.has(synonym) && !tellsMachinesApart(cells)
        ? () => false
        : (cell) => FQDN.test(cell);
    case 'hostname':
      return (cell) => HOST_NAME.test(cell) || FQDN.test(cell);
    case 'operating_system':
      return (cell) => OPERATING_SYSTEM.test(cell);
    case 'cpu_cores':
      return (cell) => Number(read(cell) ?? Infinity) <= MOST_CORES;
    case 'ip_address':
    case 'memory_gb':
    case 'storage_gb':
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
