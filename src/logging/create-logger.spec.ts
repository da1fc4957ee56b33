import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const LOGGER = join(__dirname, '../../dist/src/logging/create-logger.js');

/** What the built logger writes in a process of its own, since it writes to the real standard output. */
function lineOf(statement: string): string {
  const script = `const log = require(${JSON.stringify(LOGGER)}).createLogger({ NODE_ENV: 'test', LOG_LEVEL: 'info' });${statement}`;
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
}

describe('the log', () => {
  it('says what a database error is and quotes no row of it', () => {
    const line = lineOf(`
      const error = Object.assign(new Error('violates check'), {
        code: '23514', constraint: 'ck_x', table: 'assets',
        detail: 'Failing row contains (Jane Doe).', query: 'INSERT Jane Doe', parameters: ['Jane Doe'],
      });
      log.error({ err: error }, 'chunk failed');`);
    expect(JSON.parse(line)).toMatchObject({
      err: { message: 'violates check', code: '23514', constraint: 'ck_x', table: 'assets' },
    });
    expect(line).not.toContain('Jane Doe');
  });

  it('names the path of a request without its query', () => {
    const line = lineOf(
      `log.info({ req: { method: 'GET', url: '/a?token=secret', headers: { cookie: 'secret' } } });`,
    );
    expect(JSON.parse(line)).toMatchObject({ req: { method: 'GET', path: '/a' } });
    expect(line).not.toContain('secret');
  });
});
