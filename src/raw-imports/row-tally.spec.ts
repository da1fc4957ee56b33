import type { RawRow } from './readers/raw-row';
import { RowTally } from './row-tally';

describe('a tally of rows', () => {
  const tallied = async (texts: string[]): Promise<RowTally> => {
    const tally = new RowTally({ watch: () => undefined });
    const rows = texts.map((a, i): RawRow => ({ row_number: i + 1, cells: { a }, errors: [] }));
    const batches = (async function* () {
      yield await Promise.resolve(rows);
    })();
    for await (const batch of tally.watch(batches)) expect(batch).toBe(rows);
    expect(tally.counts()).toEqual({ valid_records: texts.length, rejected_records: 0 });
    return tally;
  };

  it('keeps the first rows', async () => {
    const { samples } = await tallied(Array.from({ length: 300 }, (_, i) => String(i)));
    expect([samples.length, samples[199]]).toEqual([200, { a: '199' }]);
  });

  it('keeps fewer of those that are long', async () => {
    const { samples } = await tallied(Array<string>(100).fill('x'.repeat(2 ** 20)));
    expect(samples).toHaveLength(4);
  });
});
