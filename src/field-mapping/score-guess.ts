import type { AssetField } from './asset-fields';
import type { Certainty } from './field-synonyms';
import type { HeaderGuess } from './header-guesses';
import type { Evidence } from './value-evidence';

// A header with cells to look at, and one without.
const SCORES: Record<Certainty, { filled: number; empty: number }> = {
  certain: { filled: 0.95, empty: 0.85 },
  likely: { filled: 0.88, empty: 0.83 },
  undecided: { filled: 0.9, empty: 0.6 },
  hint: { filled: 0.6, empty: 0.55 },
};
const EXACT_BONUS = 0.05;
const QUALIFIER_MALUS = 0.03;

// Their cells have a form that little else has, so the wrong form refutes even a certain header.
const FORMED_FIELDS: ReadonlySet<AssetField> = new Set<AssetField>([
  'fqdn',
  'hostname',
  'ip_address',
  'cpu_cores',
  'memory_gb',
  'storage_gb',
]);

/** The confidence in a guess, from 0 to 1; null where it is refuted, or where only cells could support it. */
export function scoreGuess(guess: HeaderGuess, filled: boolean, verdict: Evidence['verdict']): number | null {
  const undecided = guess.certainty === 'undecided';
  if (verdict === 'disagrees' && (undecided || FORMED_FIELDS.has(guess.field))) return null;
  // Rounded serial numbers are still what the column was meant for, and no help to anybody.
  if (verdict === 'disagrees' && guess.field === 'serial_number') return SCORES.hint.filled;
  if (undecided && !filled && guess.qualifier !== null) return null;
  const score =
    SCORES[guess.certainty][filled ? 'filled' : 'empty'] +
    (guess.exact && !undecided ? EXACT_BONUS : 0) -
    (guess.qualifier === null ? 0 : QUALIFIER_MALUS);
  return Math.round(score * 100) / 100;
}
