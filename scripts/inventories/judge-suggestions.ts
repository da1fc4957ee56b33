import { ASSET_FIELDS, type AssetField } from '../../src/field-mapping/asset-fields';
import { CONFIDENT_SCORE } from '../../src/field-mapping/confident-score';
import type { SuggestedFieldMapping } from '../../src/field-mapping/suggested-field-mapping';
import type { Expectation } from './expectation';

export const MARKS = {
  '+': 'right',
  '-': 'missed',
  '!': 'wrong',
  o: 'suggested, and as good left',
  '.': 'nothing to suggest',
  '?': 'suggested, and no expectation is known',
} as const;

/** What became of one field of one file. */
export interface FieldVerdict {
  field: AssetField;
  mark: keyof typeof MARKS;
  /** The headers of which one must be suggested; none where the file does not have the field. */
  expected: string[];
  /** The headers that were confidently suggested. */
  found: string[];
  /** Those of them that a person would not map. */
  wrong: string[];
  /** The headers that were suggested without confidence. */
  doubtful: string[];
}

/** Holds the confident suggestions against what a person would map; null where nobody has said that. */
export function judgeSuggestions(
  suggestions: readonly SuggestedFieldMapping[],
  expectation: Expectation | null,
): FieldVerdict[] {
  return (Object.keys(ASSET_FIELDS) as AssetField[]).map((field) => {
    const ofField = suggestions.filter(({ target_field }) => target_field === field);
    const isConfident = (suggestion: SuggestedFieldMapping) => suggestion.confidence_score >= CONFIDENT_SCORE;
    const found = ofField.filter(isConfident).map(({ source_field }) => source_field);
    const doubtful = ofField.filter((one) => !isConfident(one)).map(({ source_field }) => source_field);
    const expected = expectation?.fields[field] ?? [];
    const allowed = [...expected, ...(expectation?.optional[field] ?? [])];
    const wrong = expectation === null ? [] : found.filter((header) => !allowed.includes(header));
    const verdict = { field, expected, found, wrong, doubtful };
    return { ...verdict, mark: markOf(verdict, expectation !== null) };
  });
}

function markOf(verdict: Omit<FieldVerdict, 'mark'>, isKnown: boolean): FieldVerdict['mark'] {
  const isSuggested = verdict.found.length > 0;
  if (!isKnown) return isSuggested ? '?' : '.';
  if (verdict.wrong.length > 0) return '!';
  if (isRight(verdict)) return '+';
  if (verdict.expected.length > 0) return '-';
  return isSuggested ? 'o' : '.';
}

/** Whether one of the headers that the field is expected from was confidently suggested. */
export function isRight({ expected, found }: Pick<FieldVerdict, 'expected' | 'found'>): boolean {
  return found.some((header) => expected.includes(header));
}

/** One line for each expected field that was missed and each wrong column; none where all is as it should be. */
export function mistakesOf(verdicts: readonly FieldVerdict[], expectation: Expectation): string[] {
  return verdicts.flatMap((verdict) => {
    const { field, expected, found, wrong, doubtful } = verdict;
    const isTrap = (header: string) =>
      expectation.wrong.some(([trapped, trap]) => trapped === field && trap === header);
    const missed = expected.length > 0 && !isRight(verdict);
    const unsure = doubtful.length > 0 ? ` (without confidence: ${quoted(doubtful, ', ')})` : '';
    return [
      ...(missed
        ? [
            `missed ${field}: expected ${quoted(expected, ' or ')}, found ${quoted(found, ', ') || 'none'}${unsure}`,
          ]
        : []),
      ...wrong.map(
        (header) =>
          `wrong ${field}: found "${header}"${isTrap(header) ? ', a named mistake' : ''}, expected ${quoted(expected, ' or ') || 'none'}`,
      ),
    ];
  });
}

function quoted(headers: readonly string[], between: string): string {
  return headers.map((header) => `"${header}"`).join(between);
}
