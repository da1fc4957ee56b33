import { CONFIDENT_SCORE } from './confident-score';
import { suggestFieldMappings } from './suggest-field-mappings';

/** How many fields of an asset the headers of a table name without doubt, whatever its cells: 0 for a table of something else. */
export function countRecognisedHeaders(headers: readonly string[]): number {
  return suggestFieldMappings(headers, []).filter(
    ({ confidence_score }) => confidence_score >= CONFIDENT_SCORE,
  ).length;
}
