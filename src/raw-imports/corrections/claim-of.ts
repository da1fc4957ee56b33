import type { CorrectionsHeader } from './corrections-header';
import { unescapeFormula } from './formula-escape';

/** What a row of a corrections file says about the reject that it corrects. */
export interface Claim {
  row_number: number;
  error_code: string;
  message: string;
}

/** No row has it. */
const NO_ROW = 0;

/** Null for a row that names no reject: one that the person has added. */
export function claimOf(
  cells: Readonly<Record<string, string>>,
  { reasons }: CorrectionsHeader,
): Claim | null {
  const cell = (name: string): string => unescapeFormula(cells[name] ?? '');
  const number = cell(reasons.row_number).trim();
  if (number === '') return null;
  return {
    row_number: /^\d{1,9}$/.test(number) ? Number(number) : NO_ROW,
    error_code: cell(reasons.error_code),
    message: cell(reasons.message),
  };
}
