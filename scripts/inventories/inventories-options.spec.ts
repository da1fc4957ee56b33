import { basename, join } from 'node:path';
import { readInventoriesOptions } from './inventories-options';

const PROJECT = join(__dirname, '../..');
const read = (...args: string[]) => readInventoriesOptions(args, { from: __dirname, project: PROJECT });

describe('the arguments of a trial of inventories', () => {
  it('are a folder at least', () => {
    expect(read('..')).toEqual({
      directory: join(__dirname, '..'),
      expected: join(PROJECT, 'test/inventories/expected.json'),
    });
  });

  it('may name what is expected', () => {
    expect(read('.', '--expected', basename(__filename))).toEqual({
      directory: __dirname,
      expected: __filename,
    });
  });

  it('--help needs no others', () => {
    expect(read('--help')).toBe('help');
  });

  it.each([
    [[], /^DIR: is missing$/],
    [['.', '..'], /^DIR: must be one, there are 2$/],
    [['nowhere'], /^DIR: .*nowhere is no folder$/],
    [[basename(__filename)], /^DIR: .* is no folder$/],
    [['.', '--expected', 'nowhere.json'], /^--expected: there is no file .*nowhere\.json$/],
    [['.', '--bogus'], /--bogus/],
  ])('%j: %s', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
