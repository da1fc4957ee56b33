import { readFileSync } from 'node:fs';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { JwtSettings } from '../config/jwt-settings';
import { SettingsError } from '../config/settings-error';
import { UnauthorizedError } from '../errors/unauthorized.error';
import { UnavailableError } from '../errors/unavailable.error';
import type { Principal } from './principal';
import { readPrincipal } from './read-principal';

export type TokenVerifier = (token: string) => Promise<Principal>;

const FETCH_WITHIN_MS = 3_000;
/** A key is looked for anew when a token names one that is not known, but not more often than this. */
const COOLDOWN_MS = 30_000;
const KEEP_KEYS_MS = 600_000;

/**
 * What turns a bearer token into a principal, or refuses it.
 * @param cooldown_ms between two fetches of the keys.
 * @throws SettingsError where a file of keys cannot be used.
 */
export function tokenVerifier(settings: JwtSettings, cooldown_ms = COOLDOWN_MS): TokenVerifier {
  const keys = keysOf(settings, cooldown_ms);
  const { issuer, audience, algorithms, clock_tolerance_seconds, claims } = settings;
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clock_tolerance_seconds,
      requiredClaims: ['exp', 'sub'],
    }).catch(refuse);
    return readPrincipal(payload, claims);
  };
}

function keysOf({ keys }: JwtSettings, cooldownDuration: number): JWTVerifyGetKey {
  if (keys.kind === 'file') return createLocalJWKSet(readKeys(keys.path));
  const remote = createRemoteJWKSet(keys.url, {
    cooldownDuration,
    timeoutDuration: FETCH_WITHIN_MS,
    cacheMaxAge: KEEP_KEYS_MS,
  });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      // What is wrong with the token is the caller's to mend; that the keys are not to be had is not.
      if (isFaultOfToken(error)) throw error;
      throw new UnavailableError(
        'The keys that tokens are verified with cannot be fetched now. Try again later.',
        {
          cause: error,
        },
      );
    }
  };
}

function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function readKeys(path: string): JSONWebKeySet {
  let set: JSONWebKeySet;
  try {
    set = JSON.parse(readFileSync(path, 'utf8')) as JSONWebKeySet;
    createLocalJWKSet(set);
  } catch (error) {
    throw new SettingsError(`JWT_JWKS_FILE: holds no JSON Web Key Set (${nameOf(error)})`);
  }
  if (set.keys.length === 0) throw new SettingsError('JWT_JWKS_FILE: holds no key');
  if (set.keys.some((key) => 'd' in key || 'k' in key)) {
    throw new SettingsError('JWT_JWKS_FILE: holds a secret key; only public keys belong in it');
  }
  return set;
}

/** Without the message, which may quote the file. */
function nameOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}

function refuse(error: unknown): never {
  if (error instanceof errors.JOSEError) throw new UnauthorizedError('invalid_token', reasonOf(error));
  throw error;
}

/** In our own words: the library's may quote the token. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its claim "${error.claim}" is not as it must be`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is not known';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'it does not say which key it was signed with';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed';
  return 'it cannot be read';
}
