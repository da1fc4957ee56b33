import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import { type Api, ApiError } from '../client/api';
import { type FieldVerdict, judgeSuggestions } from './judge-suggestions';
import type { Inventory } from './list-inventories';

/** What the service made of a file. */
export interface Trial {
  inventory: Inventory;
  /** Null where the file was refused. */
  data_import: ImportResponse | null;
  verdicts: FieldVerdict[];
  /** Why the rows are not as many as expected, or why the file was refused; null where there is nothing to say. */
  note: string | null;
  rowsMet: boolean;
}

/** Imports one file. A refusal is an answer like any other; throws ApiError for what is no fault of the file. */
export async function tryInventory(api: Api, inventory: Inventory): Promise<Trial> {
  const query = { force: 'true', ...(inventory.sheet !== null && { sheet: inventory.sheet }) };
  try {
    const data_import = await api.upload<ImportResponse>(inventory.path, { query }, () => undefined);
    return { inventory, data_import, ...judged(inventory, data_import) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.mayPass || error.status === 500) throw error;
    const rowsMet = inventory.rows === null || inventory.rows === 0;
    const verdicts = judgeSuggestions([], inventory.expectation);
    return { inventory, data_import: null, verdicts, note: `refused: ${error.message}`, rowsMet };
  }
}

function judged(
  { rows, sheetRows, expectation }: Inventory,
  { total_records, sheet, suggested_field_mappings }: ImportResponse,
): Pick<Trial, 'verdicts' | 'note' | 'rowsMet'> {
  const verdicts = judgeSuggestions(suggested_field_mappings, expectation);
  if (rows === null || rows === total_records) return { verdicts, rowsMet: true, note: null };
  // A manifest counts the rows of one sheet, and it need not be the one that is read by default.
  const rowsMet = sheet !== null && sheetRows[sheet] === total_records;
  const why = rowsMet ? `, which are all of the sheet "${sheet}" that was read` : '';
  return { verdicts, rowsMet, note: `expected ${rows} rows, found ${total_records}${why}` };
}
