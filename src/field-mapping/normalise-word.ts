import type { WordField } from './asset-fields';
import { splitWords } from './split-words';
import { WORD_SYNONYMS } from './word-synonyms';

const VOCABULARIES = Object.fromEntries(
  Object.entries(WORD_SYNONYMS).map(([field, words]) => [
    field,
    new Map(
      Object.entries(words).flatMap(([word, synonyms]) =>
        [word, ...synonyms].map((spelling): [string, string] => [splitWords(spelling).join(''), word]),
      ),
    ),
  ]),
) as Record<WordField, Map<string, string>>;

// French and Spanish name a type by its first word: `Serveur d'applications`, `Servidor web`.
const FIRST_HEADS = new Set([
  'serveur',
  'servidor',
  'commutateur',
  'conmutador',
  'routeur',
  'imprimante',
  'impresora',
]);

// `application delivery controller`. A bound, since a cell may hold a book.
const MOST_HEAD_WORDS = 3;

/** The domain's word for a cell, or null where the cell does not clearly mean one. */
export function normaliseWord(field: WordField, text: string): string | null {
  const vocabulary = VOCABULARIES[field];
  const words = splitWords(text);
  const whole = vocabulary.get(words.join(''));
  if (whole !== undefined || field !== 'asset_type') return whole ?? null;

  const [first = ''] = words;
  if (FIRST_HEADS.has(first)) return vocabulary.get(first) ?? null;
  // A type is named by its last words, in English and in German: `CoreSwitch`, `Application Server`, `C__OBJTYPE__SERVER`.
  for (let start = Math.max(1, words.length - MOST_HEAD_WORDS); start < words.length; start += 1) {
    const head = vocabulary.get(words.slice(start).join(''));
    if (head !== undefined) return head;
  }
  return null;
}
