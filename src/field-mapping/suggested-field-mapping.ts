import type { AssetField } from './asset-fields';

export interface SuggestedFieldMapping {
  source_field: string;
  target_field: AssetField;
  /** From 0 to 1, in hundredths. */
  confidence_score: number;
  match_type: 'exact' | 'synonym' | 'unit' | 'learned';
  /** In a few words, what made the suggestion. */
  rule: string;
}
