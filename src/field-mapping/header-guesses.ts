import type { AssetField } from './asset-fields';
import { FIELD_SYNONYMS, type Certainty } from './field-synonyms';
import { splitWords } from './split-words';

export interface HeaderGuess {
  field: AssetField;
  certainty: Certainty;
  synonym: string;
  /** The synonym is the field's own name. */
  exact: boolean;
  /** What stands before the synonym, as `server` in `server_fqdn`. */
  qualifier: string | null;
}

// Words that leave the meaning of what follows alone: whose it is, or that it is the whole of it.
const QUALIFIERS = new Map(
  splitPhrases(`
    ansible, asset, ci, computer, device, gerate, guest, host, instance, machine, node, rechner, server, system,
    virtual machine, vm, primary, virtual, allocated, assigned, configured, installed, provisioned, total`).map(
    (word) => [keyOf(word), word],
  ),
);

const GUESSES = indexByKey();

/** The fields that a header may name, by its key alone. */
export function headerGuesses(key: string): readonly HeaderGuess[] {
  const whole = GUESSES.get(key);
  if (whole !== undefined) return whole;
  for (const [qualifierKey, qualifier] of QUALIFIERS) {
    const rest = key.slice(qualifierKey.length);
    // The host of a VM or the server of a node is another machine.
    if (!key.startsWith(qualifierKey) || QUALIFIERS.has(rest)) continue;
    const guesses = GUESSES.get(rest);
    if (guesses !== undefined) return guesses.map((guess) => ({ ...guess, exact: false, qualifier }));
  }
  return [];
}

function indexByKey(): Map<string, HeaderGuess[]> {
  const index = new Map<string, HeaderGuess[]>();
  for (const [name, synonyms] of Object.entries(FIELD_SYNONYMS)) {
    const field = name as AssetField;
    const listed = Object.entries(synonyms).flatMap(([certainty, phrases]) =>
      splitPhrases(phrases).map((phrase): [string, Certainty] => [phrase, certainty as Certainty]),
    );
    // The field's own name comes last, so that a listing of it decides.
    for (const [synonym, certainty] of [...listed, [field, 'certain'] as const]) {
      const key = keyOf(synonym);
      const guesses = index.get(key) ?? [];
      if (guesses.some((guess) => guess.field === field)) continue;
      guesses.push({ field, certainty, synonym, exact: key === keyOf(field), qualifier: null });
      index.set(key, guesses);
    }
  }
  return index;
}

function keyOf(phrase: string): string {
  return splitWords(phrase).join('');
}

function splitPhrases(phrases: string): string[] {
  return phrases.split(',').map((phrase) => phrase.trim());
}
