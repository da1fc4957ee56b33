import fc from 'fast-check';
import { NumberCounts } from './number-counts';

const HASHES = fc.oneof(fc.nat({ max: 50 }), fc.maxSafeNat());

describe('NumberCounts', () => {
  it('counts as a Map does, up to the most different numbers', () => {
    fc.assert(
      fc.property(
        fc.array(HASHES, { maxLength: 1_500, size: 'max' }),
        fc.integer({ min: 1, max: 1_000 }),
        (numbers, most) => {
          const counts = new NumberCounts(most);
          const expected = new Map<number, number>();
          for (const number of numbers) {
            const isCounted = expected.has(number) || expected.size < most;
            if (counts.add(number) !== isCounted) throw new Error(`${number} was not counted as a Map does`);
            if (isCounted) expected.set(number, (expected.get(number) ?? 0) + 1);
          }
          const repeated = [...expected.values()].filter((count) => count > 1);
          expect(counts.aboveOne().sort()).toEqual(repeated.sort());
        },
      ),
    );
  });

  it('counts a hundred thousand numbers that differ above their lowest 32 bits alone', () => {
    const counts = new NumberCounts(100_000);
    const add = (steps: number) =>
      Array.from({ length: 100_000 }, (_, i) => counts.add(i * steps * 2 ** 32)).filter(Boolean).length;
    expect([add(1), add(2)]).toEqual([100_000, 50_000]);
    expect(counts.aboveOne()).toHaveLength(50_000);
  });
});
