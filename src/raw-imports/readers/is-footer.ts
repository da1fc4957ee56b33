import { isRule } from './is-rule';
import { filledCells } from './top-line';

const COUNT = String.raw`\d[\d.,' ]*`;
const ROWS = String.raw`(?:rows?|row\(s\)|records?|lines?|entries|items?|datens[aä]tze?|zeilen|eintr[aä]ge|lignes|enregistrements|filas|registros)`;

/** What reports end in, in English, German, French and Spanish. */
const FOOTERS = [
  // (20 rows affected); 20 rows selected.; Row count: 20; Anzahl Zeilen: 20; Nombre de lignes : 20
  String.raw`\(?\s*${COUNT}\s+${ROWS}(?:\s+(?:affected|selected|returned|exported|in set.*|total|gesamt))?\s*\)?\.?`,
  // `row3` may be what something is called, and so may `confidential-db1` below.
  String.raw`(?:total\s+)?(?:row|record|line|item|entry)s?(?:\s*count|\s*total)?(?:\s*[:=]\s*|\s)${COUNT}`,
  String.raw`(?:grand\s+)?(?:total|summe|gesamt|somme|suma)\s*[:=]\s*${COUNT}`,
  String.raw`(?:total|number of|anzahl(?: der)?|nombre de|n[uú]mero de|total de)\s+\p{L}+\s*[:=]\s*${COUNT}`,
  // EOF; -- end of report --; *** END ***; Ende des Berichts
  String.raw`[-*=#\s]*(?:eof|end|ende|fin)(?:\s+(?:of|des|der|du|de|del)(?:\s+\p{L}+){1,3})?[-*=#\s.]*`,
  String.raw`(?:report\s+)?(?:generated|created|exported|printed|erstellt|exportiert|g[eé]n[eé]r[eé]|generado)\s+(?:by|on|at|am|von|le|par|el|por|with)\b.*`,
  String.raw`page\s+\d+(?:\s+of\s+\d+)?|seite\s+\d+(?:\s+von\s+\d+)?`,
  String.raw`(?:©|\(c\)|(?:copyright|confidential|vertraulich)(?![-_.]?[\p{L}\p{N}])).*`,
];
const FOOTER = new RegExp(`^(?:${FOOTERS.join('|')})$`, 'iu');
const LONGEST_TOTAL = 60;
const TOTAL =
  /^(?:grand\s+)?(?:totals?|sum|summary|average|overall|summe|gesamt|gesamtsumme|insgesamt|durchschnitt|somme|moyenne|suma|promedio)(?:\s+\p{L}+){0,2}\s*:?$/iu;
/** `34`, `17.515,75`, `12 GB`, `7 machines` */
const AMOUNT = /^[-+]?\d[\d.,'\s]*(?:%|\p{L}+)?$/u;

/** Whether a line is of sums: a word for them and amounts. A sum may be empty, a formula that nobody has calculated. */
export function isTotal(cells: readonly string[]): boolean {
  const first = cells.find((cell) => cell !== '') ?? '';
  // Seen for every row of a file.
  if (first.length > LONGEST_TOTAL || !TOTAL.test(first.trim())) return false;
  const [word = '', ...sums] = filledCells(cells);
  // `Total boxes` may also be what something is called.
  return (!/\s/.test(word) || sums.length > 0) && sums.every((cell) => AMOUNT.test(cell));
}

/** Whether a line below a table of so many columns tells of the table: how long it is, what it sums up to, that it ends. */
export function isFooter(cells: readonly string[], width: number): boolean {
  // Only a rule across the whole line; a cell of dashes stands for a value that is missing.
  if (cells.length === 1 && isRule(cells, 1)) return true;
  const filled = filledCells(cells);
  // In a narrow table a name alone may be a row.
  if (isTotal(cells)) return width > (filled.length > 1 ? 2 : 3);
  // Runs of blanks would have the patterns try each of their divisions.
  return FOOTER.test(filled.join(' ').replace(/\s+/g, ' '));
}
