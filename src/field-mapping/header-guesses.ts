import type { AssetField } from './asset-fields';
import { FIELD_SYNONYMS, type Certainty } from './field-synonyms';
import { composedGuess } from './composed-guess';
import { splitWords } from './split-words';

export interface HeaderGuess {
  field: AssetField;
  certainty: Certainty;
  synonym: string;
  /** The synonym is the field's own name. */
  exact: boolean;
  /** What stands before or after the synonym, as `server` in `server_fqdn`. */
  qualifier: string | null;
}

const ARTICLES = new Set(
  splitPhrases('of, the, de, du, des, del, d, la, le, les, l, el, los, las, von, der'),
);
const GUESSES = indexByKey();

// What leaves the meaning of the rest alone: whose it is, or that it is the one that counts.
const OWNERS = qualifiers(`
  ansible, asset, ci, computer, device, gerate, guest, host, instance, inventory, machine, maschinen, node, rechner,
  server, srv, svr, system, virtual machine, vm, primary, main, current, virtual`);

// Spanish and French say it behind, English never: a `name server` is no server's name.
const OWNERS_BEHIND = qualifiers(
  'serveur, machine, equipement, vm, servidor, maquina, maquina virtual, equipo, activo, actif, principal, principale',
);

// That a number is the whole of it.
const AMOUNTS = qualifiers(`
  allocated, assigned, configured, installed, provisioned, total, max, maximum, gesamt, zugewiesen,
  number, num, no, nr, count, qty, anzahl, zahl, nombre, nb, nbre, numero, cantidad, cant`);
const AMOUNTS_BEHIND = qualifiers(`
  allocated, assigned, configured, installed, provisioned, total, max, maximum, total capacity, count, number, size, used total, total used,
  anzahl, gesamt, belegt gesamt, totale, asignada, asignado, allouee, alloue`);
const NUMBER_FIELDS = new Set<AssetField>(['cpu_cores', 'memory_gb', 'storage_gb']);

const VIRTUAL_OWNERS = new Set(['vm', 'virtual machine', 'virtual']);

/** The fields that a header may name, by its words alone. */
export function headerGuesses(header: readonly string[]): readonly HeaderGuess[] {
  const bare = header.filter((word) => !ARTICLES.has(word));
  const key = bare.join('');
  const guesses = GUESSES.get(key) ?? ownedGuesses(bare, key) ?? amountGuesses(key);
  if (guesses !== undefined) return guesses;
  const composed = composedGuess(header);
  return composed === null ? [] : [composed];
}

function ownedGuesses(bare: readonly string[], key: string): readonly HeaderGuess[] | undefined {
  for (const [ownerKey, owner] of OWNERS) {
    const rest = key.slice(ownerKey.length);
    // The host of a VM or the server of a node is another machine.
    if (!key.startsWith(ownerKey) || OWNERS.has(rest)) continue;
    if (VIRTUAL_OWNERS.has(owner) && bare[owner.split(' ').length] === 'host') continue;
    const guesses = GUESSES.get(rest) ?? amountGuesses(rest);
    if (guesses !== undefined) return guesses.map((guess) => qualified(guess, owner));
  }
  for (const [ownerKey, owner] of OWNERS_BEHIND) {
    const guesses = key.endsWith(ownerKey) ? GUESSES.get(key.slice(0, -ownerKey.length)) : undefined;
    if (guesses !== undefined) return guesses.map((guess) => qualified(guess, owner));
  }
  return undefined;
}

function amountGuesses(key: string): readonly HeaderGuess[] | undefined {
  const rests = [
    ...Array.from(AMOUNTS, ([amountKey, amount]): [string, string] => [
      key.startsWith(amountKey) ? key.slice(amountKey.length) : '',
      amount,
    ]),
    ...Array.from(AMOUNTS_BEHIND, ([amountKey, amount]): [string, string] => [
      key.endsWith(amountKey) ? key.slice(0, -amountKey.length) : '',
      amount,
    ]),
  ];
  for (const [rest, amount] of rests) {
    const guesses = GUESSES.get(rest)?.filter(({ field }) => NUMBER_FIELDS.has(field)) ?? [];
    if (guesses.length > 0) return guesses.map((guess) => qualified(guess, amount));
  }
  return undefined;
}

function qualified(guess: HeaderGuess, qualifier: string): HeaderGuess {
  return { ...guess, exact: false, qualifier: guess.qualifier ?? qualifier };
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
  return splitWords(phrase)
    .filter((word) => !ARTICLES.has(word))
    .join('');
}

function qualifiers(phrases: string): Map<string, string> {
  return new Map(splitPhrases(phrases).map((phrase) => [keyOf(phrase), phrase]));
}

function splitPhrases(phrases: string): string[] {
  return phrases.split(',').map((phrase) => phrase.trim());
}
