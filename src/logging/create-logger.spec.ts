import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { z } from 'zod';
import { errorLine } from './error-line';

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
        code: '42501', constraint: 'ck_x', schema: 'migration', table: 'assets', where: 'COPY, Jane Doe',
        detail: 'Failing row contains (Jane Doe).', query: 'INSERT Jane Doe', parameters: ['Jane Doe'],
      });
      log.error({ err: error }, 'chunk failed');`);
    expect(JSON.parse(line)).toMatchObject({
      err: {
        message: 'violates check',
        code: '42501',
        constraint: 'ck_x',
        schema: 'migration',
        table: 'assets',
        stack: expect.stringMatching(/violates check\n +at /),
      },
    });
    expect(line).not.toContain('Jane Doe');
  });

  it('does not quote the message of an error about data, nor that of a parser', () => {
    const invalid = Object.assign(
      new DatabaseError('invalid input syntax for type uuid: "Jane Doe"', 1, 'error'),
      {
        code: '22P02',
        constraint: 'ck_x',
      },
    );
    const wrapped = new QueryFailedError('INSERT Jane Doe', ['Jane Doe'], invalid);
    const named = errorLine(wrapped);
    expect(named).toMatchObject({ type: 'QueryFailedError', code: '22P02', constraint: 'ck_x' });
    expect(named.stack).toMatch(/^at .*create-logger\.spec/);
    for (const error of [
      invalid,
      wrapped,
      failure(() => JSON.parse('Jane Doe')),
      unknownName(),
      'Jane Doe',
    ]) {
      expect(JSON.stringify(errorLine(error))).not.toContain('Jane');
    }
    const outOfTime = Object.assign(new Error('canceling statement'), { code: '57014' });
    expect(errorLine(outOfTime)).toMatchObject({ message: 'canceling statement', code: '57014' });
  });

  it('keeps credentials out, also of headers that are logged by mistake', () => {
    const line = lineOf(`
      const headers = { authorization: 'secret', 'x-api-key': 'secret', cookie: 'secret', 'set-cookie': ['secret'],
        'proxy-authorization': 'secret', accept: 'text/csv' };
      log.info({ headers, answer: { headers }, ...headers });`);
    expect(line).not.toContain('secret');
    expect(JSON.parse(line)).toMatchObject({ headers: { accept: 'text/csv', authorization: '[Redacted]' } });
  });

  it('names the path of a request without its query', () => {
    const line = lineOf(
      `log.info({ req: { method: 'GET', url: '/a?token=secret', headers: { cookie: 'secret' } } });`,
    );
    expect(JSON.parse(line)).toMatchObject({ req: { method: 'GET', path: '/a' } });
    expect(line).not.toContain('secret');
  });
});

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function unknownName(): unknown {
  return failure(() => z.strictObject({}).parse({ 'Jane Doe': 1 }));
}
