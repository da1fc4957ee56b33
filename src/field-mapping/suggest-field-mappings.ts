import { CONFIDENT_SCORE } from './confident-score';
import { headerGuesses, type HeaderGuess } from './header-guesses';
import { isNullWord } from './is-null-word';
import { readHeader, type Header } from './read-header';
import { refutedByTable } from './refuted-by-table';
import { scoreGuess } from './score-guess';
import type { SuggestedFieldMapping } from './suggested-field-mapping';
import { valueEvidence } from './value-evidence';

type Cells = Readonly<Record<string, string>>;

const RUNNER_UP_SCORE = 0.75;

/**
 * The best guess, if there is one, at what each column holds, from its header and from some of its cells. For each target
 * field at most one suggestion is confident: the best, and of equals the first.
 */
export function suggestFieldMappings(
  columns: readonly string[],
  samples: readonly Cells[],
): SuggestedFieldMapping[] {
  const headers = columns.map(readHeader);
  const keys = headers.map(({ key }) => key);
  const suggestions = headers.flatMap((header, i) => {
    const column = columns[i] ?? '';
    const cells = filledCells(column, samples);
    const guesses = headerGuesses(header.key).filter(
      (guess) => unitFits(guess, header) && !refutedByTable(guess, keys),
    );
    return bestSuggestion(guesses, column, header, cells);
  });
  return withOneConfidentPerField(suggestions);
}

function bestSuggestion(
  guesses: readonly HeaderGuess[],
  column: string,
  header: Header,
  cells: readonly string[],
): SuggestedFieldMapping[] {
  let best: SuggestedFieldMapping | null = null;
  for (const guess of guesses) {
    const evidence = valueEvidence(guess, column, cells);
    const score = scoreGuess(guess, cells.length > 0, evidence);
    if (score === null || score <= (best?.confidence_score ?? 0)) continue;
    best = {
      source_field: column,
      target_field: guess.field,
      confidence_score: score,
      match_type: header.unit !== null ? 'unit' : guess.exact ? 'exact' : 'synonym',
      rule: describe(guess, header, evidence === 'agrees'),
    };
  }
  return best === null ? [] : [best];
}

function describe(guess: HeaderGuess, header: Header, valuesAgree: boolean): string {
  const parts = [guess.exact ? 'field name' : `synonym "${guess.synonym}"`];
  if (guess.qualifier !== null) parts.push(`after "${guess.qualifier}"`);
  if (header.unitText !== null) parts.push(`unit ${header.unitText} in header`);
  if (valuesAgree) parts.push('values agree');
  return parts.join(', ');
}

function unitFits(guess: HeaderGuess, header: Header): boolean {
  return header.unit === null || guess.field === 'memory_gb' || guess.field === 'storage_gb';
}

function withOneConfidentPerField(suggestions: readonly SuggestedFieldMapping[]): SuggestedFieldMapping[] {
  const winners = new Map<string, SuggestedFieldMapping>();
  for (const suggestion of suggestions) {
    const winner = winners.get(suggestion.target_field);
    if (winner === undefined || suggestion.confidence_score > winner.confidence_score) {
      winners.set(suggestion.target_field, suggestion);
    }
  }
  return suggestions.map((suggestion) => {
    const winner = winners.get(suggestion.target_field);
    if (winner === undefined || winner === suggestion || suggestion.confidence_score < CONFIDENT_SCORE)
      return suggestion;
    return {
      ...suggestion,
      confidence_score: RUNNER_UP_SCORE,
      rule: `${suggestion.rule}, but "${winner.source_field}" fits better`,
    };
  });
}

function filledCells(column: string, samples: readonly Cells[]): string[] {
  return samples
    .map((cells) => (Object.hasOwn(cells, column) ? (cells[column] ?? '') : '').trim())
    .filter((cell) => !isNullWord(cell));
}
