import type { AssetField } from './asset-fields';
import { CONFIDENT_SCORE } from './confident-score';
import type { SuggestedFieldMapping } from './suggested-field-mapping';

/** What names a machine, the way it is known by first, and after that what names an application. */
const NAME_FIELDS: readonly AssetField[] = ['hostname', 'fqdn', 'name', 'ip_address', 'application_name'];

/** The column that without doubt names what each row is about; null where none does. */
export function nameColumn(suggestions: readonly SuggestedFieldMapping[]): string | null {
  const confident = suggestions.filter(({ confidence_score }) => confidence_score >= CONFIDENT_SCORE);
  for (const field of NAME_FIELDS) {
    const found = confident.find(({ target_field }) => target_field === field);
    if (found) return found.source_field;
  }
  return null;
}
