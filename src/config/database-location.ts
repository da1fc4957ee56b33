import { resolve } from 'node:path';

/** A server that somebody runs, or the embedded one that belongs to a data directory (absolute path). */
export type DatabaseLocation = { kind: 'url'; url: string } | { kind: 'embedded'; dataDir: string };

/**
 * Where the database is, for scripts that must start at once and need no other setting.
 * @throws Error in one line for a malformed DATABASE_URL; it does not repeat the value, which holds a password.
 */
export function databaseLocation(env: NodeJS.ProcessEnv): DatabaseLocation {
  // An empty value in a compose file or shell means "not set".
  const url = env.DATABASE_URL;
  if (!url) return { kind: 'embedded', dataDir: resolve(env.DATA_DIR ? env.DATA_DIR : '.data') };
  if (!/^postgres(ql)?:\/\/.+/.test(url)) {
    throw new Error('DATABASE_URL: must look like postgres://user:password@host:5432/database');
  }
  if (!URL.canParse(url)) {
    throw new Error(
      'DATABASE_URL: cannot be read; percent-encode the special characters of user and password',
    );
  }
  return { kind: 'url', url };
}
