import type { AssetField } from './asset-fields';
import type { ByteUnit } from './byte-unit';
import { columnUnit } from './column-unit';
import { firstIpAddress } from './first-ip-address';
import { isNullWord } from './is-null-word';
import { normaliseWord } from './normalise-word';
import { parseQuantity } from './parse-quantity';

export type CellReader = (text: string) => string | number | null;

/**
 * How a trimmed cell of a column becomes the value of a field; null where it says nothing or cannot be read.
 * `samples` are some cells of the column; `knownUnit` is the unit that its source is known to count in.
 */
export function cellReader(
  field: AssetField,
  header: string,
  samples: readonly string[],
  knownUnit: ByteUnit | null = null,
): CellReader {
  const read = fieldReader(field, header, samples, knownUnit);
  return (text) => (isNullWord(text) ? null : read(text));
}

function fieldReader(
  field: AssetField,
  header: string,
  samples: readonly string[],
  knownUnit: ByteUnit | null,
): CellReader {
  switch (field) {
    case 'ip_address':
      return firstIpAddress;
    case 'cpu_cores':
    case 'memory_gb':
    case 'storage_gb': {
      const unit = columnUnit(field, header, samples, knownUnit);
      return (text) => parseQuantity(text, field, unit);
    }
    case 'asset_type':
    case 'environment':
    case 'status':
    case 'criticality':
      return (text) => normaliseWord(field, text);
    default:
      return (text) => text;
  }
}
