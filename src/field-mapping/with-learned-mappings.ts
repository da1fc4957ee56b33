import { ASSET_FIELDS, type AssetField } from './asset-fields';
import { CONFIDENT_SCORE } from './confident-score';
import { headerKey } from './header-key';
import type { SuggestedFieldMapping } from './suggested-field-mapping';

/** What a tenant has decided about a header of a source, latest. */
export interface LearnedMapping {
  source: string;
  header_key: string;
  /** As it was written when the tenant decided. */
  header: string;
  /** Null where the tenant left the column out. */
  target_field: AssetField | null;
  updated_at: Date;
}

interface Claim {
  column: string;
  learned: LearnedMapping & { target_field: AssetField };
}

const RUNNER_UP_SCORE = 0.75;
const LEFT_OUT_SCORE = 0.5;

/**
 * Puts what the tenant has approved for a source before what is suggested by rule: a learned mapping is confident, a column that was
 * left out no longer is. Of several columns learned for one field the one approved latest is confident, and of those
 * the one whose header is written as it was then.
 */
export function withLearnedMappings(
  columns: readonly string[],
  suggestions: readonly SuggestedFieldMapping[],
  source: string,
  learned: readonly LearnedMapping[],
): SuggestedFieldMapping[] {
  const ofSource = learned.filter((mapping) => mapping.source === source && isOfToday(mapping));
  const byKey = new Map(ofSource.map((mapping) => [mapping.header_key, mapping]));
  const suggested = new Map(suggestions.map((suggestion) => [suggestion.source_field, suggestion]));
  const decisions = columns.map((column) => ({ column, learned: byKey.get(headerKey(column)) }));
  const winners = winnersOf(decisions.filter(isClaim));
  return decisions.flatMap((decision): SuggestedFieldMapping[] => {
    if (isClaim(decision)) return [learnedSuggestion(decision, winners)];
    const suggestion = suggested.get(decision.column);
    if (suggestion === undefined) return [];
    if (decision.learned) return [leftOut(suggestion, decision.learned)];
    return [besideLearned(suggestion, winners.get(suggestion.target_field))];
  });
}

/** A field that was learned may be of another version of the service, which had it. */
function isOfToday({ target_field }: LearnedMapping): boolean {
  return target_field === null || Object.hasOwn(ASSET_FIELDS, target_field);
}

function isClaim(decision: { column: string; learned: LearnedMapping | undefined }): decision is Claim {
  return decision.learned !== undefined && decision.learned.target_field !== null;
}

function winnersOf(claims: readonly Claim[]): Map<AssetField, Claim> {
  const winners = new Map<AssetField, Claim>();
  for (const claim of claims) {
    const winner = winners.get(claim.learned.target_field);
    if (winner === undefined || goesBefore(claim, winner)) winners.set(claim.learned.target_field, claim);
  }
  return winners;
}

function goesBefore(a: Claim, b: Claim): boolean {
  const later = a.learned.updated_at.getTime() - b.learned.updated_at.getTime();
  return later > 0 || (later === 0 && isVerbatim(a) && !isVerbatim(b));
}

function isVerbatim({ column, learned }: Claim): boolean {
  return column === learned.header;
}

function learnedSuggestion(
  { column, learned }: Claim,
  winners: ReadonlyMap<AssetField, Claim>,
): SuggestedFieldMapping {
  const winner = winners.get(learned.target_field)?.column ?? column;
  const rule = `approved by this tenant on ${day(learned)}`;
  return {
    source_field: column,
    target_field: learned.target_field,
    confidence_score: winner === column ? 1 : RUNNER_UP_SCORE,
    match_type: 'learned',
    rule: winner === column ? rule : `${rule}, but "${winner}" goes before it`,
    evidence: winner === column ? [rule] : [rule, `"${winner}" goes before it`],
  };
}

function leftOut(suggestion: SuggestedFieldMapping, learned: LearnedMapping): SuggestedFieldMapping {
  const against = `this tenant left the column out on ${day(learned)}`;
  return {
    ...suggestion,
    confidence_score: Math.min(suggestion.confidence_score, LEFT_OUT_SCORE),
    rule: `${suggestion.rule}, but ${against}`,
    evidence: [...suggestion.evidence, against],
  };
}

function besideLearned(suggestion: SuggestedFieldMapping, winner: Claim | undefined): SuggestedFieldMapping {
  if (winner === undefined || suggestion.confidence_score < CONFIDENT_SCORE) return suggestion;
  const against = `this tenant approved "${winner.column}"`;
  return {
    ...suggestion,
    confidence_score: RUNNER_UP_SCORE,
    rule: `${suggestion.rule}, but ${against}`,
    evidence: [...suggestion.evidence, against],
  };
}

function day({ updated_at }: LearnedMapping): string {
  return updated_at.toISOString().slice(0, 10);
}
