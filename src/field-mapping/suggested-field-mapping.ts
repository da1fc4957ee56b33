import type { AssetField } from './asset-fields';

/** `profile`: the source is known to name it so. `value`: the header says nothing, the cells do. `learned`: the tenant approved it. */
export const MATCH_TYPES = ['exact', 'synonym', 'unit', 'profile', 'value', 'learned'] as const;

export interface SuggestedFieldMapping {
  source_field: string;
  target_field: AssetField;
  /** From 0 to 1, in hundredths. */
  confidence_score: number;
  match_type: (typeof MATCH_TYPES)[number];
  /** In a few words, what made the suggestion. */
  rule: string;
  /** What speaks for it and against it, one short sentence each. */
  evidence: string[];
}
