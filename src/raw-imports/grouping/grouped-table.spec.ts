import * as fc from 'fast-check';
import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { findLastRows } from './find-last-rows';
import type { GroupedRow } from './grouped-row';
import { GroupedTable } from './grouped-table';
import { mergeRows } from './merge-rows';
import { type Line, tableOf } from './table-of.spec-helper';

async function group(lines: readonly Partial<Line>[], limits?: { waiting: number; group: number }) {
  const lastRows = await findLastRows(tableOf(lines), 'Host');
  const table = new GroupedTable(tableOf(lines), 'Host', lastRows, limits);
  const rows: GroupedRow[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  return { rows: rows.sort((a, b) => a.row_number - b.row_number), grouping: table.grouping() };
}

const hosts = (...names: string[]) => names.map((host, i) => ({ host, ip: `10.0.0.${i + 1}` }));

describe('a grouped table', () => {
  it('has one row for each value, under the number of the first row, with the rows that it was', async () => {
    const { rows, grouping } = await group(hosts('a', 'b', ' A', 'c', 'b'));
    expect(rows.map(({ row_number, cells }) => [row_number, cells.Host, cells.IP])).toEqual([
      [1, 'a', '10.0.0.1; 10.0.0.3'],
      [2, 'b', '10.0.0.2; 10.0.0.5'],
      [4, 'c', '10.0.0.4'],
    ]);
    expect(rows.map(({ grouped_rows }) => grouped_rows)).toEqual([
      [
        { row_number: 1, cells: { Host: 'a', IP: '10.0.0.1' } },
        { row_number: 3, cells: { Host: ' A', IP: '10.0.0.3' } },
      ],
      expect.any(Array),
      null,
    ]);
    expect(grouping).toEqual({ by: 'Host', rows: 4, groups: 2 });
  });

  it('leaves rows alone that have no value, one that says nothing, or a fault', async () => {
    const odd = ['', '', 'N/A', 'n/a', 'localhost', 'localhost'].map((host) => ({ host }));
    const lines = [...odd, { host: 'a', isBad: true }, { host: 'a' }];
    const { rows, grouping } = await group(lines);
    expect(rows).toHaveLength(8);
    expect(rows.every(({ grouped_rows }) => grouped_rows === null)).toBe(true);
    expect(rows[6]?.errors).toHaveLength(1);
    expect(grouping).toEqual({ by: 'Host', rows: 0, groups: 0 });
  });

  it('of any rows is what one would make of them with the whole file in memory', async () => {
    const line = fc.record({
      host: fc.constantFrom('a', 'A ', 'b', 'c', 'd', '', '-', 'ä', 'Ä'),
      ip: fc.constantFrom('', '1', '2', '3', 'n/a'),
      isBad: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        const { rows, grouping } = await group(lines);
        const single = (one: Line) => one.isBad || ['', '-'].includes(one.host);
        const keys = lines.map((one, i) => (single(one) ? String(i) : one.host.trim().replace('A', 'a')));
        const expected = [...new Set(keys)].map((key) => {
          const members = lines.flatMap((one, i) =>
            keys[i] === key ? [{ row_number: i + 1, cells: { Host: one.host, IP: one.ip } }] : [],
          );
          const cells = mergeRows(
            'Host',
            members.map((member) => member.cells),
          );
          return { row_number: members[0]!.row_number, cells, parts: members.length > 1 ? members : null };
        });
        expect(
          rows.map(({ row_number, cells, grouped_rows }) => ({ row_number, cells, parts: grouped_rows })),
        ).toEqual(expected);
        const valid = lines.filter(({ isBad }) => !isBad).length;
        expect(rows.filter(({ errors }) => errors.length === 0)).toHaveLength(
          valid - grouping.rows + grouping.groups,
        );
      }),
    );
  });

  it('says what to do when the rows of groups stand too far apart, or are too much for one record', async () => {
    const lines = hosts('a', 'b', 'c', 'a', 'b', 'c');
    await expect(group(lines, { waiting: 600, group: 1000 })).rejects.toThrow(
      new UnreadableFileError(
        'The rows that belong together by "Host" stand too far apart: more than 0 MB of them wait for others. ' +
          'Sort the file by this column and upload it again.',
      ),
    );
    const sorted = hosts('a', 'a', 'b', 'b', 'c', 'c');
    expect((await group(sorted, { waiting: 600, group: 1000 })).rows).toHaveLength(3);
    await expect(group(hosts('a', 'a', 'a'), { waiting: 1000, group: 300 })).rejects.toThrow(
      /^The rows with "a" in the column "Host" are more than 0 MB: too much for one record\. Group by/,
    );
  });

  it('says so when there are too many values, and when there is no such column', async () => {
    await expect(findLastRows(tableOf(hosts('a', 'b', 'c')), 'Host', 2)).rejects.toThrow(
      'The column "Host" has more than 2 different values, too many to group rows by. Split the file, or import it ' +
        'without group_by.',
    );
    await expect(findLastRows(tableOf([]), 'host')).rejects.toThrow(
      'group_by: The file has no column "host". Did you mean "Host"?',
    );
    await expect(findLastRows(tableOf([]), 'Blubb')).rejects.toThrow(/It has "Host", "IP"\.$/);
  });
});
