import { splitWords } from './split-words';

describe('splitWords', () => {
  it.each([
    ['ServerRole', ['server', 'role']],
    ['IPAddress', ['ip', 'address']],
    ['C__OBJTYPE__SERVER', ['c', 'objtype', 'server']],
    ['Größe der Gebäude', ['grosse', 'der', 'gebaude']],
    ['Cœurs', ['coeurs']],
    ['CPU %', ['cpu', 'percent']],
    ['Windows2019Server', ['windows2019', 'server']],
    [' - ', []],
  ])('splits %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});
