import { Client } from 'pg';
import { describeConnectionError } from './describe-connection-error';

const URL_WITH_SECRET = 'postgres://joe:s3cret@db.example:6432/wiring?sslmode=require';

describe('describeConnectionError', () => {
  it.each([
    ['28P01', 'refuses the password (28P01): correct user and password in DATABASE_URL'],
    ['3D000', 'does not exist (3D000): create it, or correct the name in DATABASE_URL'],
    ['ENOTFOUND', 'has a host name that nobody knows (ENOTFOUND): correct the host in DATABASE_URL'],
  ])('says of %s what to do', (code, line) => {
    const error = Object.assign(new Error('with s3cret'), { code });
    expect(describeConnectionError(error, URL_WITH_SECRET)).toBe(
      `The database wiring at db.example:6432 ${line}`,
    );
  });

  it.each([
    ['timeout expired', 'does not answer: check firewall'],
    ['Connection terminated unexpectedly', 'closed the connection: see its log'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'wants a password: add one'],
    ['The server does not support SSL connections', 'has no TLS: take sslmode out'],
  ])('knows what pg means by "%s"', (message, line) => {
    expect(describeConnectionError(new Error(message), URL_WITH_SECRET)).toContain(line);
  });

  it('recognises a server that is not there', async () => {
    const url = 'postgres://joe:s3cret@127.0.0.1:1/wiring';
    const error: unknown = await new Client({ connectionString: url }).connect().catch((e: unknown) => e);
    expect(describeConnectionError(error, url)).toBe(
      'The database wiring at 127.0.0.1:1 does not listen (ECONNREFUSED): ' +
        'start PostgreSQL, or correct host and port in DATABASE_URL',
    );
  });

  it('leaves other errors alone', () => {
    expect(
      describeConnectionError(Object.assign(new Error('x'), { code: '23503' }), URL_WITH_SECRET),
    ).toBeNull();
    expect(describeConnectionError('x', URL_WITH_SECRET)).toBeNull();
  });
});
