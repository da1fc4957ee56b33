import type { AssetField } from './asset-fields';
import { ProfileColumns } from './profile-columns';
import type { SourceProfile } from './source-profile';
import type { SuggestedFieldMapping } from './suggested-field-mapping';
import { valueEvidence, type Evidence } from './value-evidence';

const FILLED_SCORE = 0.98;
const EMPTY_SCORE = 0.9;
const SECOND_SCORE = 0.75;

export interface ProfileClaims {
  /** By column. */
  suggestions: Map<string, SuggestedFieldMapping>;
  ignored: Set<string>;
}

interface Claim {
  column: string;
  evidence: Evidence;
  filled: boolean;
}

/** What a profile says of a table's columns, where the cells do not contradict it. An empty column yields to a filled one. */
export function profileClaims(
  profile: SourceProfile,
  columns: readonly string[],
  cellsOf: (column: string) => readonly string[],
): ProfileClaims {
  const found = new ProfileColumns(columns);
  const suggestions = new Map<string, SuggestedFieldMapping>();
  for (const [name, headers] of Object.entries(profile.fields)) {
    const field = name as AssetField;
    const claims = headers.flatMap((header): Claim[] => {
      const column = found.find(header);
      if (column === null || suggestions.has(column)) return [];
      const cells = cellsOf(column);
      const evidence = valueEvidence({ field, synonym: null }, column, cells, unitOf(profile, column));
      return evidence.verdict === 'disagrees' ? [] : [{ column, evidence, filled: cells.length > 0 }];
    });
    const best = claims.find(({ filled }) => filled) ?? claims[0];
    for (const claim of claims) {
      if (!suggestions.has(claim.column))
        suggestions.set(claim.column, suggestionOf(claim, field, profile, claim === best));
    }
  }
  const ignored = new Set(profile.ignore.flatMap((header) => found.find(header) ?? []));
  return { suggestions, ignored };
}

/** The unit that a profile knows of a column. */
export function unitOf(profile: SourceProfile, column: string) {
  const found = new ProfileColumns([column]);
  return Object.entries(profile.units).find(([header]) => found.find(header) !== null)?.[1] ?? null;
}

function suggestionOf(
  { column, evidence, filled }: Claim,
  field: AssetField,
  { source }: SourceProfile,
  isBest: boolean,
): SuggestedFieldMapping {
  const rule = `profile ${source}`;
  return {
    source_field: column,
    target_field: field,
    confidence_score: isBest ? (filled ? FILLED_SCORE : EMPTY_SCORE) : SECOND_SCORE,
    match_type: 'profile',
    rule,
    evidence: [rule, ...(evidence.text === null ? [] : [evidence.text])],
  };
}
