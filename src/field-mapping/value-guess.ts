import { isIPv4 } from 'node:net';
import type { AssetField } from './asset-fields';
import { FQDN } from './cell-forms';
import { firstIpAddress } from './first-ip-address';
import { namesOperatingSystem } from './names-operating-system';
import { normaliseWord } from './normalise-word';

export interface ValueGuess {
  field: AssetField;
  /** Nothing else looks like that, so that a flow may approve it. */
  unmistakable: boolean;
  evidence: string;
}

const FEWEST_CELLS = 3;
// Software, tags and templates speak of systems too.
const FEWEST_SYSTEMS = 5;
const SHARE = 0.9;
const LONGEST_OS_NAME = 80;

// A column whose header speaks of one of these holds somebody else's address, name or system.
const OF_ANOTHER =
  /gateway|\bgw\b|mask|dns|broadcast|subnet|netz|network|vlan|ntp|route|destination|source|\bsrc\b|\bdst\b|dest|target|remote|peer|public|publi[qc]|ilo|idrac|ipmi|bmc|\boob\b|\bvip\b|cluster|backup|proxy|server|manager|controller|vcenter|host|hyperviseur|hypervisor|url|uri|mail|domain|domaine|dominio|client|image|template|recommend|license|licence|product|software|package|previous|\bold\b|\bnew\b|kernel|switch|relay|syslog/i;

/**
 * What the cells of a column alone say that it holds, for a header that says nothing. Their form must be one that little
 * else has: names, numbers and sizes could be of anything.
 */
export function valueGuess(header: string, cells: readonly string[]): ValueGuess | null {
  if (cells.length < FEWEST_CELLS || OF_ANOTHER.test(header.replace(/[_.-]+/g, ' '))) return null;
  const share = (fits: (cell: string) => boolean) => cells.filter(fits).length / cells.length;
  const distinct = new Set(cells).size / cells.length;
  const guess = (field: AssetField, fits: (cell: string) => boolean, what: string, unmistakable: boolean) =>
    share(fits) < SHARE
      ? null
      : {
          field,
          unmistakable,
          evidence: `${cells.filter(fits).length} of ${cells.length} cells are ${what}`,
        };

  return (
    guess('ip_address', isAddress, 'IP addresses', distinct >= SHARE) ??
    guess('fqdn', isMachineName, 'full domain names', distinct >= SHARE) ??
    guess(
      'operating_system',
      isOperatingSystem,
      'names of operating systems',
      cells.length >= FEWEST_SYSTEMS,
    ) ??
    guess(
      'environment',
      (cell) => normaliseWord('environment', cell) !== null,
      'names of environments',
      new Set(cells.map((cell) => normaliseWord('environment', cell))).size > 1,
    )
  );
}

// A network (`10.0.0.0/8`) is no address of a machine.
function isAddress(cell: string): boolean {
  return isIPv4(cell)
    ? firstIpAddress(cell) !== null
    : /^\[?[\d.:a-f,;\s]+\]?;?$/i.test(cell) && firstIpAddress(cell) !== null;
}

function isMachineName(cell: string): boolean {
  return FQDN.test(cell) && cell.split('.').length > 2;
}

function isOperatingSystem(cell: string): boolean {
  return cell.length <= LONGEST_OS_NAME && namesOperatingSystem(cell);
}
