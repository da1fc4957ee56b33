import { countJsonValues } from './count-json-values';

describe('values of a JSON text', () => {
  it.each([
    ['1', 1],
    ['[1,2]', 3],
    ['{"a":1,"b":[2,{"c":3}]}', 6],
    ['"a,b[c{d"', 1],
    ['{"a,\\"b,[":"\\\\","c":"{"}', 3],
    ['{"a\\\\":1,"b":2}', 3],
  ])('%s: at most %i', (text, count) => {
    expect(countJsonValues(text, 100)).toBe(count);
  });

  it('are never counted too few', () => {
    const count = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum: number, item) => sum + count(item), 1)
        : 1;
    const value = [{ 'a,"b': ['"', '\\', '\\"', ',[{'], c: { d: [[], {}, [1, 2, [3]]] } }, 'x', null];
    expect(countJsonValues(JSON.stringify(value), 100)).toBeGreaterThanOrEqual(count(value));
  });

  it.each(['"open', '"open\\', '"\\"', '[,,', ''])('of what is none, %s, are counted to an end', (text) => {
    expect(countJsonValues(text, 100)).toBeLessThan(10);
  });

  it('are not counted further than the limit', () => {
    expect(countJsonValues('[[[[[[[[', 3)).toBe(4);
  });
});
