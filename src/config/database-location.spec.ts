import { resolve } from 'node:path';
import { databaseLocation } from './database-location';

describe('databaseLocation', () => {
  it.each([
    [{}, { kind: 'embedded', dataDir: resolve('.data') }],
    [
      { DATABASE_URL: '', DATA_DIR: '' },
      { kind: 'embedded', dataDir: resolve('.data') },
    ],
    [{ DATA_DIR: '/somewhere else' }, { kind: 'embedded', dataDir: '/somewhere else' }],
    [
      { DATABASE_URL: 'postgres://u:p@h/d', DATA_DIR: 'x' },
      { kind: 'url', url: 'postgres://u:p@h/d' },
    ],
    [{ DATABASE_URL: 'postgresql:///d?host=/run' }, { kind: 'url', url: 'postgresql:///d?host=/run' }],
  ])('reads %j', (env, location) => {
    expect(databaseLocation(env)).toEqual(location);
  });

  it.each(['mysql://u:secret@h/d', 'h:5432/secret', 'postgres://u:sec/ret@h:54x/d'])(
    'refuses %s in one line that does not repeat it',
    (url) => {
      expect(() => databaseLocation({ DATABASE_URL: url })).toThrow(/^DATABASE_URL: (?!.*sec).+$/);
    },
  );
});
