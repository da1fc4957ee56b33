import { resolve } from 'node:path';
import { z } from 'zod';
import { SettingsError } from './settings-error';

/** Signatures with a public key. A shared secret would let every service that verifies tokens make them too. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const optional = z.string().min(1).optional();
const claim = (name: string) => z.string().min(1).max(255).default(name);

/** What the settings of AUTH_MODE=jwt look like; which of them must be there, `jwtSettings` knows. */
export const JWT_SHAPE = {
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be an https:// URL' }).optional(),
  JWT_JWKS_FILE: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  JWT_ISSUER: optional,
  JWT_AUDIENCE: optional,
  JWT_ALGORITHMS: z
    .string()
    .default('RS256,PS256,ES256,EdDSA')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(ALGORITHMS, `must list some of ${ALGORITHMS.join(', ')}, with commas between`))),
  JWT_CLOCK_TOLERANCE_SECONDS: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(0, 'must be at least 0')
    .max(300, 'must be at most 300')
    .default(30),
  JWT_TENANTS_CLAIM: claim('tenants'),
  JWT_SCOPE_CLAIM: claim('scope'),
  JWT_ADMIN_CLAIM: claim('admin'),
} as const;

type Given = z.infer<z.ZodObject<typeof JWT_SHAPE>>;

export interface JwtSettings {
  keys: { kind: 'url'; url: URL } | { kind: 'file'; path: string };
  issuer: string;
  audience: string;
  algorithms: readonly string[];
  clock_tolerance_seconds: number;
  /** Names of the claims. */
  claims: { tenants: string; scope: string; admin: string };
}

/** @throws SettingsError naming what is missing. */
export function jwtSettings(given: Given): JwtSettings {
  const { JWT_JWKS_URL, JWT_JWKS_FILE, JWT_ISSUER, JWT_AUDIENCE } = given;
  if ((JWT_JWKS_URL === undefined) === (JWT_JWKS_FILE === undefined)) {
    throw new SettingsError('JWT_JWKS_URL or JWT_JWKS_FILE, one of them, is needed with AUTH_MODE=jwt');
  }
  if (JWT_ISSUER === undefined) throw new SettingsError('JWT_ISSUER is needed with AUTH_MODE=jwt');
  if (JWT_AUDIENCE === undefined) throw new SettingsError('JWT_AUDIENCE is needed with AUTH_MODE=jwt');
  return {
    keys:
      JWT_JWKS_URL === undefined
        ? { kind: 'file', path: String(JWT_JWKS_FILE) }
        : { kind: 'url', url: safeUrl(JWT_JWKS_URL) },
    issuer: JWT_ISSUER,
    audience: JWT_AUDIENCE,
    algorithms: given.JWT_ALGORITHMS,
    clock_tolerance_seconds: given.JWT_CLOCK_TOLERANCE_SECONDS,
    claims: {
      tenants: given.JWT_TENANTS_CLAIM,
      scope: given.JWT_SCOPE_CLAIM,
      admin: given.JWT_ADMIN_CLAIM,
    },
  };
}

/** Whoever can change the keys on their way can make tokens. */
function safeUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === 'https:' || LOOPBACK.has(url.hostname)) return url;
  throw new SettingsError('JWT_JWKS_URL: must be an https:// URL; http:// is for this machine alone');
}
