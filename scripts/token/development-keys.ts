import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, type KeyLike } from 'jose';

export interface DevelopmentKeys {
  /** What the service verifies with: JWT_JWKS_FILE. */
  publicFile: string;
  /** What tokens are signed with. */
  secret: KeyLike | Uint8Array;
}

export const KEY_ID = 'development';
export const ALGORITHM = 'EdDSA';

/** The pair of keys of a data directory, made when it is not there yet. Nobody else may read the secret one. */
export async function developmentKeys(dataDir: string): Promise<DevelopmentKeys> {
  const folder = join(dataDir, 'development-keys');
  const secretFile = join(folder, 'secret.json');
  const publicFile = join(folder, 'jwks.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = await readFile(secretFile, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  const secret = text === null ? await newKey(secretFile) : (JSON.parse(text) as JWK);
  // All that is public of it.
  const { kty, crv, x } = secret;
  const set = { keys: [{ kty, crv, x, kid: KEY_ID, alg: ALGORITHM, use: 'sig' }] };
  await writeFile(publicFile, JSON.stringify(set, null, 2));
  return { publicFile, secret: await importJWK(secret, ALGORITHM) };
}

async function newKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const secret = await exportJWK(privateKey);
  // `wx`: of two commands at once one makes the key, and the other fails instead of signing with a key that is gone.
  await writeFile(file, JSON.stringify(secret), { mode: 0o600, flag: 'wx' });
  return secret;
}
