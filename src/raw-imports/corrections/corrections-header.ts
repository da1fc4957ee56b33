import { unescapeFormula } from './formula-escape';
import { reasonColumns, type ReasonColumns } from './reason-columns';

/** How the columns of a corrections file are to be read. */
export interface CorrectionsHeader {
  /** The inventory's columns under the names that they have in the file, where formulas are escaped. */
  columns: ReadonlyMap<string, string>;
  reasons: ReasonColumns;
}

/** Of a file whose header ends as that of a rejects file does; null of any other. */
export function recogniseHeader(header: readonly string[]): CorrectionsHeader | null {
  const names = unescaped(header);
  const columns = names.slice(0, -5);
  const reasons = reasonColumns(columns);
  const ending = names.slice(columns.length);
  if (columns.length === 0 || Object.values(reasons).some((name, i) => name !== ending[i])) return null;
  return readHeader(header, reasons);
}

/** Of a file that is said to correct an import: whatever is no reason there belongs to the inventory. */
export function readHeader(header: readonly string[], reasons: ReasonColumns): CorrectionsHeader {
  const names = unescaped(header);
  const isReason = new Set(Object.values(reasons));
  const columns = header.map((own, i) => [own, names[i] ?? own] as const);
  return { columns: new Map(columns.filter(([own]) => !isReason.has(own))), reasons };
}

/** A header by hand may have both `@x` and `'@x`; two columns must not become one. */
function unescaped(header: readonly string[]): readonly string[] {
  const names = header.map(unescapeFormula);
  return new Set(names).size === names.length ? names : header;
}
