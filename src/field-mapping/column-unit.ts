import type { NumberField } from './asset-fields';
import type { ByteUnit } from './byte-unit';
import { parseDecimal } from './parse-decimal';
import { readHeader } from './read-header';

/**
 * The unit of a number column: the one in its header, else the one that its source is known to count in, else, for
 * memory, the one that its cells speak of.
 *
 * RVTools and others head a column of MB with a bare `Memory`, SCCM one of KB. Machines with less than a GB are as rare in
 * inventories as machines with more than a TB, so the median tells the units apart where a single cell cannot.
 */
export function columnUnit(
  field: NumberField,
  header: string,
  cells: readonly string[],
  knownUnit: ByteUnit | null = null,
): ByteUnit | null {
  const unit = readHeader(header).unit ?? knownUnit;
  if (unit !== null || field !== 'memory_gb') return unit;
  const amounts = cells
    .map((cell) => parseDecimal(cell.trim()))
    // From 2^30 on a bare number counts bytes, see parse-quantity.
    .filter((amount): amount is number => amount !== null && amount > 0 && amount < 2 ** 30)
    .sort((a, b) => a - b);
  const median = amounts[amounts.length >> 1];
  if (median === undefined) return null;
  if (median < 1024) return 'GB';
  return median < 2 ** 20 ? 'MB' : 'KB';
}
