import { isRule } from './is-rule';
import { filledCells } from './top-line';

const COUNT = String.raw`\d[\d.,' ]*`;
const ROWS = String.raw`(?:rows?|row\(s\)|records?|lines?|entries|items?|datens[aä]tze?|zeilen|eintr[aä]ge|lignes|enregistrements|filas|registros)`;

/** What reports end in, in English, German, French and Spanish. */
const FOOTERS = [
  // (20 rows affected); 20 rows selected.; Row count: 20; Anzahl Zeilen: 20; Nombre de lignes : 20
  String.raw`\(?\s*${COUNT}\s+${ROWS}(?:\s+(?:affected|selected|returned|exported|in set.*|total|gesamt))?\s*\)?\.?`,
  String.raw`(?:total\s+)?(?:row|record|line|item|entry)s?\s*(?:count|total)?\s*[:=]?\s*${COUNT}`,
  String.raw`(?:grand\s+)?(?:total|summe|gesamt|somme|suma)\s*[:=]\s*${COUNT}`,
  String.raw`(?:total|number of|anzahl(?: der)?|nombre de|n[uú]mero de|total de)\s+\p{L}+\s*[:=]\s*${COUNT}`,
  // EOF; -- end of report --; *** END ***; Ende des Berichts
  String.raw`[-*=#\s]*(?:eof|end|ende|fin)(?:\s+(?:of|des|der|du|de|del)(?:\s+\p{L}+){1,3})?[-*=#\s.]*`,
  String.raw`(?:report\s+)?(?:generated|created|exported|printed|erstellt|exportiert|g[eé]n[eé]r[eé]|generado)\s+(?:by|on|at|am|von|le|par|el|por|with)\b.*`,
  String.raw`page\s+\d+(?:\s+of\s+\d+)?|seite\s+\d+(?:\s+von\s+\d+)?`,
  String.raw`(?:©|\(c\)|copyright\b|confidential\b|vertraulich\b).*`,
];
const FOOTER = new RegExp(`^(?:${FOOTERS.join('|')})$`, 'iu');
const TOTAL =
  /^(?:grand\s+)?(?:total|totals|sum|summe|gesamt|gesamtsumme|insgesamt|somme|suma|summary)\s*:?$/i;
const AMOUNT = /^[-+]?[\d.,'\s]*\d\s*(?:%|\p{L}{1,3})?$/u;

/** Whether a line below a table tells of the table: how long it is, what it sums up to, that it ends. The table has `width` columns. */
export function isFooter(cells: readonly string[], width: number): boolean {
  const filled = filledCells(cells);
  const [first = '', ...others] = filled;
  // Only a rule across the whole line; a cell of dashes stands for a value that is missing.
  if (cells.length === 1 && isRule(cells, 1)) return true;
  if (TOTAL.test(first)) {
    // Formulas may have no stored result; in a wide table a name alone is no row.
    return others.length === 0 ? width > 3 : others.every((cell) => AMOUNT.test(cell));
  }
  return FOOTER.test(filled.join(' '));
}
