import { excerpt } from './excerpt';

describe('an excerpt', () => {
  it.each([
    ['is the text where that is short', 'web1', 'web1'],
    ['ends before a pair that it would cut in two', 'abc😀', 'abc'],
    ['holds no NUL', 'a\0b', 'a\ufffdb'],
    ['holds no half of a pair', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_, text, shown) => {
    expect(excerpt(text, 4)).toBe(shown);
  });
});
