import { isDamagedNumber } from '../../field-mapping/is-damaged-number';
import { splitWords } from '../../field-mapping/split-words';
import type { ImportWarning } from '../data-import.entity';
import { excerpt } from '../readers/excerpt';
import type { RawRow } from '../readers/raw-row';

/** The last word of a header under which no amount stands: `Serial Number`, `Asset Tag`, `Account ID`, `Seriennummer`. */
const IDENTIFIER = /^(?:ids?|no|nr|sn|tag|key|account|konto|barcode)$|(?:number|nummer|serial|uuid|guid)$/;
/** The same in French and Spanish, where it comes first: `Numéro de série`. */
const NUMBER_OF = /^(?:numero|matricule|matricula)$/;
const LONGEST = 30;

interface Damage {
  count: number;
  first: { row_number: number; value: string };
}

/** Watches columns of identifiers for numbers of which a spreadsheet kept the first digits only. */
export class DamagedIdentifiers {
  private readonly seen = new Set<string>();
  private readonly identifiers: string[] = [];
  private readonly damages = new Map<string, Damage>();
  private isFirstBatch = true;

  watch(rows: readonly RawRow[]): void {
    // Later on a row stands for its batch: to go through the names of all of them costs more than the check itself.
    for (const { cells } of this.isFirstBatch ? rows : rows.slice(0, 1)) this.meet(Object.keys(cells));
    if (rows.length > 0) this.isFirstBatch = false;
    for (const column of this.identifiers) for (const row of rows) this.check(row, column);
  }

  warnings(): ImportWarning[] {
    return [...this.damages].map(([column, { count, first }]) => ({
      code: 'damaged_identifiers',
      message:
        `"${excerpt(column)}" holds ${count === 1 ? 'a number' : `${count} numbers`} that a spreadsheet has cut off, ` +
        `such as ${first.value} in row ${first.row_number}. Export this column as text and import the file again.`,
    }));
  }

  private meet(columns: readonly string[]): void {
    for (const column of columns) {
      if (this.seen.has(column)) continue;
      this.seen.add(column);
      if (isIdentifier(column)) this.identifiers.push(column);
    }
  }

  private check({ row_number, cells }: RawRow, column: string): void {
    const value = cells[column] ?? '';
    if (value.length < 4 || value.length > LONGEST || !isDamagedNumber(value.trim())) return;
    const damage = this.damages.get(column);
    if (damage) damage.count++;
    else this.damages.set(column, { count: 1, first: { row_number, value: value.trim() } });
  }
}

function isIdentifier(column: string): boolean {
  const words = splitWords(column);
  return IDENTIFIER.test(words.at(-1) ?? '') || NUMBER_OF.test(words[0] ?? '');
}
