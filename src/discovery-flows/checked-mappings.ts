import { type FieldError, InvalidInputError } from '../errors/invalid-input.error';
import { ASSET_FIELDS, type AssetField } from '../field-mapping/asset-fields';

const MAX_MAPPINGS = 5000;
const MAX_HEADER = 10_000;

/**
 * Mappings as a client sent them, in its order.
 * @throws InvalidInputError naming `field_mappings.<source>` for each target that is no asset field.
 */
export function checkedMappings(mappings: Readonly<Record<string, unknown>>): Record<string, AssetField> {
  const entries = Object.entries(mappings);
  if (entries.length > MAX_MAPPINGS) {
    throw new InvalidInputError([{ field: 'field_mappings', message: `must be at most ${MAX_MAPPINGS}` }]);
  }
  const errors = entries.flatMap(([source, target]): FieldError[] => {
    const field = `field_mappings.${source.slice(0, 100)}`;
    if (source.trim() === '' || source.length > MAX_HEADER) return [{ field, message: 'is no header' }];
    // PostgreSQL stores neither in text.
    if (source.includes('\0') || !source.isWellFormed())
      return [{ field, message: 'holds characters that cannot be stored' }];
    if (typeof target === 'string' && Object.hasOwn(ASSET_FIELDS, target)) return [];
    return [{ field, message: `must be one of ${Object.keys(ASSET_FIELDS).join(', ')}` }];
  });
  if (errors.length > 0) throw new InvalidInputError(errors);
  return Object.fromEntries(entries) as Record<string, AssetField>;
}
