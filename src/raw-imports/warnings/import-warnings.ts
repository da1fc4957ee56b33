import { nameColumn } from '../../field-mapping/name-column';
import type { SuggestedFieldMapping } from '../../field-mapping/suggested-field-mapping';
import type { ImportWarning } from '../data-import.entity';
import type { RawRow } from '../readers/raw-row';
import { DamagedIdentifiers } from './damaged-identifiers';
import { RepeatedNames } from './repeated-names';

type Suggest = (columns: string[], samples: Record<string, string>[]) => SuggestedFieldMapping[];

/** How many rows show which column names what they are about. */
const SAMPLE_ROWS = 200;

/** Looks at the valid rows as they pass by, in bounded memory. */
export class ImportWarnings {
  private readonly identifiers = new DamagedIdentifiers();
  private names: RepeatedNames | null = null;
  private hasBegun = false;

  /** @param suggest mappings for columns, from some of their rows. */
  constructor(private readonly suggest: Suggest) {}

  watch(batch: readonly RawRow[]): void {
    const rows = batch.filter(({ errors }) => errors.length === 0);
    if (rows.length === 0) return;
    if (!this.hasBegun) this.begin(rows.slice(0, SAMPLE_ROWS));
    this.names?.watch(rows);
    this.identifiers.watch(rows);
  }

  /** @param suggestions the import's, which may know more than its first rows told. */
  list(suggestions: readonly SuggestedFieldMapping[]): ImportWarning[] {
    const column = nameColumn(suggestions);
    return [
      ...(column === null ? [NO_NAME_COLUMN] : []),
      ...(this.names?.column === column ? this.names.warnings() : []),
      ...this.identifiers.warnings(),
    ];
  }

  private begin(rows: readonly RawRow[]): void {
    this.hasBegun = true;
    const samples = rows.map(({ cells }) => cells);
    const column = nameColumn(this.suggest([...new Set(samples.flatMap(Object.keys))], samples));
    if (column !== null) this.names = new RepeatedNames(column);
  }
}

const NO_NAME_COLUMN: ImportWarning = {
  code: 'no_name_column',
  message:
    'No column is known to name a machine or an application. The rows are kept as raw records; to make assets of them, ' +
    'give a flow field_mappings that say which column holds the name.',
};
