import fc from 'fast-check';
import { parse, stringify, validate, version } from 'uuid';
import { ID_BYTES, rowIds } from './row-ids';

function idsOf(count: number): string[] {
  const bytes = rowIds(count);
  expect(bytes).toHaveLength(count * ID_BYTES);
  return Array.from({ length: count }, (_, i) => stringify(bytes, i * ID_BYTES));
}

describe('rowIds', () => {
  it('makes valid ids of version 7, each greater than the one before, whatever was asked for before', () => {
    let last = '';
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (count) => {
        for (const id of idsOf(count)) {
          if (!validate(id) || version(id) !== 7) throw new Error(`${id} is no UUID of version 7`);
          if (id <= last) throw new Error(`${id} comes after ${last}`);
          last = id;
        }
      }),
    );
  });

  it('begins with the time', () => {
    const before = Date.now();
    const [id = ''] = idsOf(1);
    // Other tests may have run a little ahead of the clock.
    const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThan(before + 60_000);
  });

  it('fills every bit that is neither time, count, version nor variant at random', () => {
    const tails = idsOf(1_000).map((id) => [...parse(id)].slice(8));
    for (let at = 0; at < 8; at++) {
      const bits = tails.reduce(
        ({ ever, always }, tail) => ({ ever: ever | Number(tail[at]), always: always & Number(tail[at]) }),
        { ever: 0, always: 0xff },
      );
      expect(bits).toEqual(at === 0 ? { ever: 0xbf, always: 0x80 } : { ever: 0xff, always: 0 });
    }
  });
});
