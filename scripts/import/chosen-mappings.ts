import { CONFIDENT_SCORE } from '../../src/field-mapping/confident-score';
import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import { UsageError } from '../usage-error';

/**
 * The mappings that are approved when some are given: these, and the confident suggestions for other columns and other
 * fields. A given field of '' leaves its column out.
 * @throws UsageError that names each column which the file does not have.
 */
export function chosenMappings(
  { columns, suggested_field_mappings }: ImportResponse,
  given: ReadonlyMap<string, string>,
): Record<string, string> {
  const unknown = [...given.keys()].filter((header) => !columns.includes(header));
  if (unknown.length > 0) {
    const names = unknown.map((header) => `"${header}"`).join(', ');
    throw new UsageError(`--map: the file has no column ${names}; it has ${columns.join(', ')}`);
  }
  const taken = new Set(given.values());
  const suggested = suggested_field_mappings
    .filter(({ confidence_score }) => confidence_score >= CONFIDENT_SCORE)
    .filter(({ source_field, target_field }) => !given.has(source_field) && !taken.has(target_field))
    .map(({ source_field, target_field }): [string, string] => [source_field, target_field]);
  return Object.fromEntries([...suggested, ...given].filter(([, field]) => field !== ''));
}
