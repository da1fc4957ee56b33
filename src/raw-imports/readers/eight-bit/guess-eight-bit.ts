import {
  CAPITAL,
  contextIndex,
  HIGH,
  NEIGHBOURS,
  OTHER,
  SMALL,
  type EncodingEvidence,
} from '../encoding-evidence';
import { charactersOf } from './charsets';

interface Hypothesis {
  charset: string;
  letters: string;
}

/** What a text may be, by the letters of its language that ASCII has not. The likelier in an inventory first. */
const HYPOTHESES: Hypothesis[] = [
  ...['windows-1252', 'macintosh', 'ibm850'].flatMap((charset) =>
    ['äöüß', 'éèêëàâçîïôûùœæ', 'áéíóúñü', 'áéíóúâêôãõçà', 'åäöæøé', 'àèéìòù'].map((letters) => ({
      charset,
      letters,
    })),
  ),
  ...['windows-1250', 'iso-8859-2'].flatMap((charset) =>
    ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'čćđšž', 'ăâîșşțţ'].map((letters) => ({
      charset,
      letters,
    })),
  ),
  { charset: 'windows-1254', letters: 'çğıiöşü' },
];

/** Signs that stand beside words and figures in any language. */
const SIGNS = '€„“”‘’‚–—…•™©®°²³µ§£«»¿¡ºª·×±¼½¾\u00a0¥';
/** By as much a byte a hypothesis must be better than Windows-1252. */
const MARGIN = 0.2;

/** Letters by how often they occur: eight make up half of a text. */
const OTHER_SCRIPTS: { charset: string; commonest: number[] }[] = [
  { charset: 'windows-1251', commonest: [0xee, 0xe5, 0xe0, 0xe8, 0xed, 0xf2, 0xf1, 0xf0] },
  { charset: 'windows-1253', commonest: [0xe1, 0xef, 0xe9, 0xe5, 0xf4, 0xf3, 0xed, 0xe7] },
];

const ANY_WESTERN: Hypothesis = { charset: 'windows-1252', letters: 'äöüßéèêëàâçîïôûùáíóúñãõåæø' };

/** Bytes that no text in Windows-1252 has. */
const UNDEFINED_IN_WINDOWS = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/**
 * The charset of one byte a character that makes words of a text's bytes, by the neighbours that each of them has in
 * the whole file. Windows-1252 unless another one is clearly better.
 */
export function guessEightBit({
  contexts,
  first_line_end,
}: Pick<EncodingEvidence, 'contexts' | 'first_line_end'>): string {
  const other = otherScript(contexts);
  if (other !== null) return other;
  const scored = HYPOTHESES.map((hypothesis) => ({ ...hypothesis, score: score(contexts, hypothesis) }));
  const best = (among: (charset: string) => boolean): Hypothesis & { score: number } =>
    scored.filter(({ charset }) => among(charset)).reduce((a, b) => (b.score > a.score ? b : a));
  const western = best((charset) => charset === 'windows-1252').score;
  const counts = totals(contexts, () => true);
  // CR alone ends lines on classic Macs only, whose programs knew no other charset.
  if (first_line_end === 'cr') {
    const undefinedBytes = UNDEFINED_IN_WINDOWS.some((byte) => (counts[byte - 0x80] ?? 0) > 0);
    const isMac = undefinedBytes || best((charset) => charset === 'macintosh').score > western;
    if (isMac) return 'macintosh';
  }
  const usual = Math.max(western, score(contexts, ANY_WESTERN) * 0.7);
  const winner = best(() => true);
  const isBetter =
    winner.score > usual + sum(counts) * MARGIN &&
    // Charsets share many letters, which speak for none of them.
    score(contexts, winner, 'windows-1252') > score(contexts, ANY_WESTERN, winner.charset) * 0.7;
  return isBetter ? winner.charset : 'windows-1252';
}

/** Words of a script that is not Latin have no ASCII letters, and some letters much more often than others. */
function otherScript(contexts: Float64Array): string | null {
  const runs = totals(contexts, (before, after) => before === HIGH || after === HIGH);
  const all = totals(contexts, () => true);
  const inRuns = sum(runs);
  if (inRuns < sum(all) * 0.8) return null;
  const shares = OTHER_SCRIPTS.map(({ charset, commonest }) => ({
    charset,
    share: commonest.reduce((count, byte) => count + (runs[byte - 0x80] ?? 0), 0) / inRuns,
  }));
  const best = shares.reduce((a, b) => (b.share > a.share ? b : a));
  return best.share >= 0.4 ? best.charset : null;
}

/** Over the bytes that do not mean the same in `unlike`. */
function score(contexts: Float64Array, { charset, letters }: Hypothesis, unlike?: string): number {
  const characters = charactersOf(charset);
  const others = unlike === undefined ? '' : charactersOf(unlike);
  const alphabet = new Set(letters + letters.toUpperCase());
  let total = 0;
  for (let byte = 0x80; byte <= 0xff; byte++) {
    const char = characters.charAt(byte - 0x80);
    if (char === others.charAt(byte - 0x80)) continue;
    for (let before = 0; before < NEIGHBOURS; before++) {
      for (let after = 0; after < NEIGHBOURS; after++) {
        const count = contexts[contextIndex(byte, before, after)] ?? 0;
        if (count > 0) total += count * plausibility(char, alphabet, before, after);
      }
    }
  }
  return total;
}

/** From 1 for a letter of the language in its place down to -3 for what no text holds. */
function plausibility(char: string, alphabet: Set<string>, before: number, after: number): number {
  if (char === '\ufffd' || /\p{Cc}/u.test(char)) return -3;
  const inWord = [before, after].some((side) => side === SMALL || side === CAPITAL);
  if (/\p{L}/u.test(char) && !/[ªº]/.test(char)) {
    if (/\p{Lu}/u.test(char) && before === SMALL) return -1;
    if (alphabet.has(char)) return inWord || before === HIGH || after === HIGH ? 1 : 0.5;
    return -1;
  }
  const amidWord = before !== OTHER && after !== OTHER && before !== HIGH && after !== HIGH;
  if (/['’]/.test(char)) return 0.5;
  if (!SIGNS.includes(char)) return -2;
  return amidWord ? -2 : 0.8;
}

function totals(contexts: Float64Array, counts: (before: number, after: number) => boolean): number[] {
  return Array.from({ length: 128 }, (_, i) => {
    let total = 0;
    for (let before = 0; before < NEIGHBOURS; before++) {
      for (let after = 0; after < NEIGHBOURS; after++) {
        if (counts(before, after)) total += contexts[contextIndex(0x80 + i, before, after)] ?? 0;
      }
    }
    return total;
  });
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
