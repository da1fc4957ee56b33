import { findLastRows } from './find-last-rows';
import { GroupedTable } from './grouped-table';
import { tableOf } from './table-of.spec-helper';

// Nobody finds two values with the same 53 bits, so here every value has the same ones.
jest.mock('../text-hash', () => ({ textHash: () => 0 }));

it('values whose hashes are the same become no record together', async () => {
  const lines = ['a', 'b', 'a', 'c', 'b'].map((host) => ({ host }));
  const table = new GroupedTable(tableOf(lines), 'Host', await findLastRows(tableOf(lines), 'Host'));
  const rows = [];
  for await (const batch of table.batches()) rows.push(...batch);
  rows.sort((a, b) => a.row_number - b.row_number);
  expect(rows.map(({ row_number, cells }) => [row_number, cells.Host])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [4, 'c'],
  ]);
  expect(rows.map(({ grouped_rows }) => grouped_rows?.length ?? null)).toEqual([2, 2, null]);
  expect(table.grouping()).toEqual({ by: 'Host', rows: 4, groups: 2 });
});
