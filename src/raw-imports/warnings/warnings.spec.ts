import type { RawRow } from '../readers/raw-row';
import { DamagedIdentifiers } from './damaged-identifiers';
import { RepeatedNames } from './repeated-names';

function rows(column: string, ...values: string[]): RawRow[] {
  return values.map((value, i) => ({
    row_number: i + 1,
    cells: Object.assign(Object.create(null) as Record<string, string>, { [column]: value }),
    errors: [],
  }));
}
const messages = (warnings: { message: string }[]) => warnings.map(({ message }) => message);

describe('names that repeat', () => {
  it('are counted among the first different ones only, and then the answer says so', () => {
    const names = new RepeatedNames('Host', 2);
    names.watch(rows('Host', 'a', 'b', 'c', 'c', 'A', 'c'));
    expect(messages(names.warnings())).toEqual([
      expect.stringMatching(
        /^At least one value of "Host" stands on 2 rows; \?group_by=Host makes one record/,
      ),
    ]);
  });

  it('are none where every row has its own, or none that tells anything', () => {
    const names = new RepeatedNames('Host');
    names.watch(
      rows('Host', 'a', 'b', '', '', 'N/A', 'n/a', 'localhost', 'LOCALHOST', '127.0.0.1', '127.0.0.1'),
    );
    expect(names.warnings()).toEqual([]);
  });
});

describe('damaged identifiers', () => {
  const damagedIn = (column: string, ...values: string[]) => {
    const identifiers = new DamagedIdentifiers();
    for (const row of rows(column, ...values)) identifiers.watch([row]);
    return messages(identifiers.warnings());
  };

  it('are found in columns that first come up in a later batch', () => {
    const identifiers = new DamagedIdentifiers();
    identifiers.watch(rows('x', '9.13E+11'));
    identifiers.watch(rows('Asset Tag', '9.13E+11', '123'));
    expect(messages(identifiers.warnings())).toEqual([
      expect.stringMatching(/^"Asset Tag" holds a number .* such as 9\.13E\+11 in row 1\./),
    ]);
  });

  it.each([
    'Serial',
    'AccountId',
    'asset_tag',
    'Inventarnummer',
    'Inv.-Nr.',
    'SN',
    'Número de serie',
    'hwUUID',
  ])('are looked for in %s', (column) => {
    expect(damagedIn(column, '9.13E+11')).toHaveLength(1);
  });

  it.each(['Provisioned (Bytes)', 'Price', 'Number of disks', 'Identity provider', 'Paid'])(
    'are not looked for in %s',
    (column) => {
      expect(damagedIn(column, '9.13E+11')).toEqual([]);
    },
  );

  it.each(['913000000000', 'E+11', '9E11', 'ABC-9.13E+11', '', '9.13E-11'])('%j is none', (value) => {
    expect(damagedIn('Serial', value)).toEqual([]);
  });
});
