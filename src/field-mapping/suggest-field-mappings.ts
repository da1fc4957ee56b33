import type { AssetField } from './asset-fields';
import { FQDN, HOST_NAME } from './cell-forms';
import { CONFIDENT_SCORE } from './confident-score';
import { headerGuesses, type HeaderGuess } from './header-guesses';
import { headerEndings, headerVariants, withUnitOf } from './header-variants';
import { isNullWord } from './is-null-word';
import { needsNoContext, standsAlone } from './needs-no-context';
import { profileClaims } from './profile-claims';
import { readHeader, type Header } from './read-header';
import { refutedByTable, type TableHeaders } from './refuted-by-table';
import { sharedPrefix } from './shared-prefix';
import { scoreGuess } from './score-guess';
import type { SourceProfile } from './source-profile';
import type { SuggestedFieldMapping } from './suggested-field-mapping';
import { valueEvidence } from './value-evidence';
import { valueGuess } from './value-guess';

type Cells = Readonly<Record<string, string>>;

interface Column {
  name: string;
  header: Header;
  guesses: readonly HeaderGuess[];
  /** The cells that say something. */
  cells: readonly string[];
}

/** What is longer names no column; it is a text that stands where a header should. */
const LONGEST_HEADER = 300;
const RUNNER_UP_SCORE = 0.75;
const VALUE_SCORE = 0.82;
const WEAK_VALUE_SCORE = 0.6;

const MACHINE_NAMES: ReadonlySet<AssetField> = new Set<AssetField>(['name', 'hostname', 'fqdn']);
// Fewer could be alike by chance.
const FEWEST_NAMES = 3;

/**
 * The best guess, if there is one, at what each column holds, from what is known of the file's source, from its header
 * and from some of its cells. For each target field at most one suggestion is confident: what the profile says, else the
 * best, and of equals the first.
 */
export function suggestFieldMappings(
  names: readonly string[],
  samples: readonly Cells[],
  profile: SourceProfile | null = null,
): SuggestedFieldMapping[] {
  const prefix = sharedPrefix(names.filter((name) => name.length <= LONGEST_HEADER));
  const columns = names.map((name) => readColumn(name, samples, prefix));
  const byName = new Map(columns.map((column) => [column.name, column]));
  const cellsOf = (name: string) => byName.get(name)?.cells ?? [];
  const claims = profile === null ? null : profileClaims(profile, names, cellsOf);
  const table = {
    keys: columns.map(({ header }) => header.key),
    guesses: columns.flatMap(({ guesses }) => guesses),
  };
  const suggestions = columns.flatMap((column) => {
    const claim = claims?.suggestions.get(column.name);
    if (claim !== undefined) return [claim];
    if (profile?.only_these === true || claims?.ignored.has(column.name) === true) return [];
    return bestByHeader(column, table) ?? byValues(column, columns) ?? [];
  });
  return withNamesByValues(withOneConfidentPerField(suggestions), cellsOf);
}

function readColumn(name: string, samples: readonly Cells[], prefix: readonly string[]): Column {
  const cells = samples
    .map((row) => (Object.hasOwn(row, name) ? (row[name] ?? '') : '').trim())
    .filter((cell) => !isNullWord(cell));
  if (name.length > LONGEST_HEADER) return { name, header: readHeader(''), guesses: [], cells };
  const { header, guesses } = [...readings(name, cells, prefix)].find(
    (reading) => reading.guesses.length > 0,
  ) ?? {
    header: readHeader(name),
    guesses: [],
  };
  return { name, header, guesses: guesses.filter((guess) => unitFits(guess, header)), cells };
}

/** What a header may say: as a whole, without what all headers begin with, and by the end of its path. */
function* readings(
  name: string,
  cells: readonly string[],
  prefix: readonly string[],
): Generator<Pick<Column, 'header' | 'guesses'>> {
  for (const header of headerVariants(name)) {
    yield { header, guesses: headerGuesses(header.words) };
    if (prefix.length > 0 && prefix.every((word, i) => header.words[i] === word)) {
      const rest = withUnitOf(header, readHeader(header.words.slice(prefix.length).join(' ')));
      yield { header: rest, guesses: headerGuesses(rest.words) };
    }
  }
  if (cells.length === 0) return;
  for (const { context, header } of headerEndings(name)) {
    const guesses = standsAlone(context) ? headerGuesses(header.words).filter(needsNoContext) : [];
    yield { header, guesses: guesses.map((guess) => ({ ...guess, exact: false, qualifier: context })) };
  }
}

/** Null where the header says nothing; empty where it says something that the cells or the table refute. */
function bestByHeader(
  { name, header, guesses, cells }: Column,
  table: TableHeaders,
): SuggestedFieldMapping[] | null {
  if (guesses.length === 0) return null;
  let best: SuggestedFieldMapping | null = null;
  for (const guess of guesses) {
    if (refutedByTable(guess, table)) continue;
    const { verdict, text } = valueEvidence(guess, name, cells);
    const score = scoreGuess(guess, cells.length > 0, verdict);
    if (score === null || score <= (best?.confidence_score ?? 0)) continue;
    best = {
      source_field: name,
      target_field: guess.field,
      confidence_score: score,
      match_type: header.unit !== null ? 'unit' : guess.exact ? 'exact' : 'synonym',
      rule: describe(guess, header, verdict === 'agrees'),
      evidence: [`header is ${described(guess)}`, ...(text === null ? [] : [text])],
    };
  }
  return best === null ? [] : [best];
}

function byValues({ name, cells }: Column, columns: readonly Column[]): SuggestedFieldMapping[] | null {
  const guess = valueGuess(name, cells);
  if (guess === null) return null;
  const isNamed = columns.some(({ guesses }) => guesses.some(({ field }) => field === guess.field));
  const sure = guess.unmistakable && !isNamed;
  return [
    {
      source_field: name,
      target_field: guess.field,
      confidence_score: sure ? VALUE_SCORE : WEAK_VALUE_SCORE,
      match_type: 'value',
      rule: 'values',
      evidence: [guess.evidence],
    },
  ];
}

function described(guess: HeaderGuess): string {
  const parts = [guess.exact ? 'the name of the field' : `a synonym "${guess.synonym}"`];
  if (guess.qualifier !== null) parts.push(`with "${guess.qualifier}"`);
  return parts.join(' ');
}

function describe(guess: HeaderGuess, header: Header, valuesAgree: boolean): string {
  const parts = [guess.exact ? 'field name' : `synonym "${guess.synonym}"`];
  if (guess.qualifier !== null) parts.push(`with "${guess.qualifier}"`);
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
    if (winner === undefined || rank(suggestion) > rank(winner)) {
      winners.set(suggestion.target_field, suggestion);
    }
  }
  return suggestions.map((suggestion) => {
    const winner = winners.get(suggestion.target_field);
    if (winner === undefined || winner === suggestion || suggestion.confidence_score < CONFIDENT_SCORE)
      return suggestion;
    const better = `"${winner.source_field}" fits better`;
    return {
      ...suggestion,
      confidence_score: RUNNER_UP_SCORE,
      rule: `${suggestion.rule}, but ${better}`,
      evidence: [...suggestion.evidence, better],
    };
  });
}

/** What is known of a source beats whatever its headers resemble. */
function rank({ match_type, confidence_score }: SuggestedFieldMapping): number {
  return confidence_score + (match_type === 'profile' && confidence_score >= CONFIDENT_SCORE ? 1 : 0);
}

/**
 * A header such as `Node` or `Device` may name anything. In a table where nothing names a machine it does, if its cells
 * are host names, all of them different.
 */
function withNamesByValues(
  suggestions: readonly SuggestedFieldMapping[],
  cellsOf: (name: string) => readonly string[],
): SuggestedFieldMapping[] {
  const named = suggestions.some(
    ({ target_field, confidence_score }) =>
      MACHINE_NAMES.has(target_field) && confidence_score >= CONFIDENT_SCORE,
  );
  if (named) return [...suggestions];
  let found = false;
  return suggestions.map((suggestion) => {
    const cells = cellsOf(suggestion.source_field);
    if (found || suggestion.target_field !== 'name' || !areMachineNames(cells)) return suggestion;
    found = true;
    return {
      ...suggestion,
      confidence_score: VALUE_SCORE,
      match_type: 'value',
      rule: `${suggestion.rule}, nothing else names machines`,
      evidence: [...suggestion.evidence, `${cells.length} different cells are host names`],
    };
  });
}

function areMachineNames(cells: readonly string[]): boolean {
  return (
    cells.length >= FEWEST_NAMES &&
    new Set(cells).size === cells.length &&
    cells.every((cell) => /\p{L}/u.test(cell) && (HOST_NAME.test(cell) || FQDN.test(cell)))
  );
}
