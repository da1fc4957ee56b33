import { resolve } from 'node:path';
import { z } from 'zod';
import { SettingsError } from './settings-error';
import {
  DEFAULT_IDENTITY_RULE,
  IDENTITY_PARTS,
  type IdentityPart,
  type IdentityRule,
} from '../asset-identity/identity-rule';
import { corsOrigins } from './cors-origins';
import { type DatabaseLocation, databaseLocation } from './database-location';
import { JWT_SHAPE, jwtSettings, type JwtSettings } from './jwt-settings';
import { trustedProxies } from './trusted-proxies';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const integer = (smallest: number, largest: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(
      z.number().min(smallest, `must be at least ${smallest}`).max(largest, `must be at most ${largest}`),
    );

const identityRule = z
  .string()
  .default(DEFAULT_IDENTITY_RULE.join(','))
  .transform((text) => text.split(',').map((part) => part.trim()) as IdentityPart[])
  .refine(
    (parts) => parts.every((part) => IDENTITY_PARTS.includes(part)) && new Set(parts).size === parts.length,
    `must list some of ${IDENTITY_PARTS.join(', ')}, each once, with commas between`,
  )
  .transform((parts): IdentityRule => parts);

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: integer(0, 65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((path) => resolve(path)),
  MIGRATE_ON_START: flag.default(false),
  AUTH_MODE: z.enum(['headers', 'jwt']).default('headers'),
  ...JWT_SHAPE,
  ASSET_BATCH_CHUNK_SIZE: integer(10, 5000).default(500),
  ASSET_CHUNK_RETRY_POLICY: z.enum(['stop', 'skip', 'retry']).default('stop'),
  ASSET_CHUNK_MAX_RETRIES: integer(1, 10).default(3),
  ASSET_IDENTITY_RULE: identityRule,
  SOURCE_PROFILES_DIR: z
    .string()
    .transform((path) => resolve(path))
    .nullable()
    .default(null),
  WIRING_HEALTH_CACHE_TTL_SECONDS: integer(0, 86_400).default(30),
  MAX_UPLOAD_BYTES: integer(1, Number.MAX_SAFE_INTEGER).default(2 * 1024 ** 3),
  RATE_LIMIT_PER_MINUTE: integer(0, 10_000_000).optional(),
  CORS_ORIGINS: corsOrigins,
  TRUST_PROXY: trustedProxies,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** In `headers` mode a caller picks its own tenant, so that a limit per tenant would limit nobody. */
const RATE_LIMITS = { jwt: 6000, headers: 0 } as const;

export type Settings = Readonly<
  Omit<z.infer<typeof schema>, keyof typeof JWT_SHAPE> & {
    RATE_LIMIT_PER_MINUTE: number;
    database: DatabaseLocation;
    /** Null when AUTH_MODE=headers. */
    jwt: JwtSettings | null;
  }
>;

/** Injection token of the one frozen settings object. */
export const SETTINGS = Symbol('settings');

/**
 * Reads and checks every setting at once.
 * @throws SettingsError naming each wrong setting.
 */
export function loadSettings(env: NodeJS.ProcessEnv): Settings {
  // An empty value in a compose file or shell means "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) {
    throw new SettingsError(
      result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  const settings = result.data;
  if (settings.AUTH_MODE === 'headers' && settings.NODE_ENV === 'production') {
    throw new SettingsError(
      'AUTH_MODE: headers is refused when NODE_ENV=production, since anyone can set a header',
    );
  }
  const { AUTH_MODE, RATE_LIMIT_PER_MINUTE = RATE_LIMITS[AUTH_MODE] } = settings;
  return Object.freeze({
    ...settings,
    RATE_LIMIT_PER_MINUTE,
    database: locationOf(env),
    jwt: AUTH_MODE === 'jwt' ? jwtSettings(settings) : null,
  });
}

function locationOf(env: NodeJS.ProcessEnv): DatabaseLocation {
  try {
    return databaseLocation(env);
  } catch (error) {
    throw new SettingsError((error as Error).message);
  }
}
