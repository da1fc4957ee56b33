import { canonicalJson } from './canonical-json';

describe('canonicalJson', () => {
  it('orders names at every level and leaves lists as they are', () => {
    expect(canonicalJson({ b: [{ z: 1, a: [3, 1] }, null], a: { d: true, c: 'x' } })).toBe(
      '{"a":{"c":"x","d":true},"b":[{"a":[3,1],"z":1},null]}',
    );
  });

  it('tells apart what differs', () => {
    const texts = [{}, [], null, { a: 1 }, { a: '1' }, { a: [1] }, { a: null }, { A: 1 }].map(canonicalJson);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('keeps names that every object inherits', () => {
    expect(canonicalJson({ toString: 1, hasOwnProperty: 2 })).toBe('{"hasOwnProperty":2,"toString":1}');
  });
});
