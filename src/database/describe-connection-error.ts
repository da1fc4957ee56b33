import { displayUrl } from './display-url';

type Explanation = readonly [what: string, remedy: string];

/** By SQLSTATE or Node's code. */
const BY_CODE: Record<string, Explanation> = {
  '28P01': ['refuses the password', 'correct user and password in DATABASE_URL'],
  '28000': ['refuses this user', 'correct the user in DATABASE_URL, or let pg_hba.conf admit it'],
  '3D000': ['does not exist', 'create it, or correct the name in DATABASE_URL'],
  '53300': ['has no connection left', 'close some, or raise max_connections'],
  '57P03': ['is starting up or shutting down', 'try again in a moment'],
  '57P01': ['was shut down, or an administrator ended this connection', 'start it, and try again'],
  ECONNREFUSED: ['does not listen', 'start PostgreSQL, or correct host and port in DATABASE_URL'],
  ENOTFOUND: ['has a host name that nobody knows', 'correct the host in DATABASE_URL'],
  EAI_AGAIN: [
    'has a host name that cannot be looked up now',
    'check the name service, or the host in DATABASE_URL',
  ],
  EHOSTUNREACH: ['cannot be reached', 'check the network, or the host in DATABASE_URL'],
  ENETUNREACH: ['cannot be reached', 'check the network, or the host in DATABASE_URL'],
  ETIMEDOUT: ['does not answer', 'check firewall and network, or the host in DATABASE_URL'],
  ECONNRESET: ['closed the connection', 'see its log, and try again'],
  EPIPE: ['closed the connection', 'see its log, and try again'],
};

/** pg's own errors carry no code. */
const BY_MESSAGE: readonly [RegExp, Explanation][] = [
  [/timeout expired|connection timeout/, ['does not answer', 'check firewall and network, or DATABASE_URL']],
  [/Connection terminated/, ['closed the connection', 'see its log, and try again']],
  [/password must be a (non-empty )?string/, ['wants a password', 'add one to DATABASE_URL']],
  [/does not support SSL/, ['has no TLS', 'take sslmode out of DATABASE_URL, or switch TLS on there']],
  [
    /certificate/,
    ['shows a certificate that is not trusted', 'correct sslmode or sslrootcert in DATABASE_URL'],
  ],
];

/**
 * One line for a person: which database, what is wrong with the connection, how to mend it. Without the password.
 * @returns null where the error is not about the connection.
 */
export function describeConnectionError(error: unknown, url: string): string | null {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const explanation = BY_CODE[code] ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  if (!explanation) return null;
  const [what, remedy] = explanation;
  return `The database ${displayUrl(url)} ${what}${code && ` (${code})`}: ${remedy}`;
}
