import { loadSettings } from './settings';
import { SettingsError } from './settings-error';

describe('settings', () => {
  it('have the defaults of the contract', () => {
    expect(loadSettings({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      AUTH_MODE: 'headers',
      MIGRATE_ON_START: false,
      ASSET_BATCH_CHUNK_SIZE: 500,
      ASSET_CHUNK_RETRY_POLICY: 'stop',
      ASSET_CHUNK_MAX_RETRIES: 3,
      ASSET_IDENTITY_RULE: ['hostname', 'fqdn', 'ip_address', 'name+asset_type'],
      WIRING_HEALTH_CACHE_TTL_SECONDS: 30,
      RATE_LIMIT_PER_MINUTE: 0,
      CORS_ORIGINS: [],
      TRUST_PROXY: [],
      database: { kind: 'embedded' },
    });
  });

  it('take an empty value for none, as compose files write it', () => {
    expect(loadSettings({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      PORT: 3000,
      database: { kind: 'embedded' },
    });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '30.5'],
    ['ASSET_BATCH_CHUNK_SIZE', '9'],
    ['ASSET_IDENTITY_RULE', 'hostname,mac'],
    ['ASSET_IDENTITY_RULE', 'hostname,hostname'],
    ['ASSET_BATCH_CHUNK_SIZE', '5001'],
    ['ASSET_CHUNK_MAX_RETRIES', '0'],
    ['ASSET_CHUNK_MAX_RETRIES', '11'],
    ['ASSET_CHUNK_RETRY_POLICY', 'Stop'],
    ['WIRING_HEALTH_CACHE_TTL_SECONDS', '-1'],
    ['MAX_UPLOAD_BYTES', '0'],
    ['MIGRATE_ON_START', 'yes'],
    ['LOG_LEVEL', 'loud'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['RATE_LIMIT_PER_MINUTE', 'many'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example,*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'a.example'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['CORS_ORIGINS', 'https://A.example'],
    ['CORS_ORIGINS', 'https://*.example'],
    ['CORS_ORIGINS', 'file:///x'],
    ['CORS_ORIGINS', 'https://a.example,'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '1'],
    ['TRUST_PROXY', 'loopback'],
    ['TRUST_PROXY', '*'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '::/0'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
    ['TRUST_PROXY', '10.0.0.1,'],
    ['TRUST_PROXY', 'fe80::1%eth0'],
    ['AUTH_MODE', 'none'],
    ['NODE_ENV', 'prod'],
    ['DATABASE_URL', 'localhost:5432'],
  ])('name %s=%s as wrong', (name, value) => {
    expect(() => loadSettings({ [name]: value })).toThrow(SettingsError);
    expect(() => loadSettings({ [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it('take lists of origins and of proxies', () => {
    expect(
      loadSettings({
        CORS_ORIGINS: 'https://a.example, http://localhost:5173',
        TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,fd00::/8,::1',
      }),
    ).toMatchObject({
      CORS_ORIGINS: ['https://a.example', 'http://localhost:5173'],
      TRUST_PROXY: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'],
    });
  });

  const JWT = {
    AUTH_MODE: 'jwt',
    JWT_JWKS_URL: 'https://id.example/keys',
    JWT_ISSUER: 'https://id.example',
    JWT_AUDIENCE: 'discovery-wiring',
  };

  it('say how tokens are verified, and limit requests then', () => {
    expect(loadSettings({ ...JWT, NODE_ENV: 'production' })).toMatchObject({
      RATE_LIMIT_PER_MINUTE: 6000,
      jwt: {
        keys: { kind: 'url', url: new URL('https://id.example/keys') },
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        clock_tolerance_seconds: 30,
        claims: { tenants: 'tenants', scope: 'scope', admin: 'admin' },
      },
    });
    expect(loadSettings({}).jwt).toBeNull();
    expect(loadSettings({ ...JWT, JWT_JWKS_URL: 'http://localhost:9/keys' }).jwt).not.toBeNull();
  });

  it.each([
    ['JWT_JWKS_URL', ''],
    ['JWT_JWKS_URL', 'http://id.example/keys'],
    ['JWT_JWKS_URL', 'ftp://id.example/keys'],
    ['JWT_JWKS_URL', 'keys'],
    ['JWT_ISSUER', ''],
    ['JWT_AUDIENCE', ''],
    ['JWT_ALGORITHMS', 'HS256'],
    ['JWT_ALGORITHMS', 'none'],
    ['JWT_ALGORITHMS', 'RS256,'],
    ['JWT_CLOCK_TOLERANCE_SECONDS', '301'],
    ['JWT_CLOCK_TOLERANCE_SECONDS', '1.5'],
    ['JWT_CLOCK_TOLERANCE_SECONDS', 'x'],
  ])('name %s=%s as wrong when tokens are to be verified', (name, value) => {
    expect(() => loadSettings({ ...JWT, [name]: value })).toThrow(SettingsError);
    expect(() => loadSettings({ ...JWT, [name]: value })).toThrow(new RegExp(`^${name}\\b`));
  });

  it('take keys from one place', () => {
    expect(() => loadSettings({ ...JWT, JWT_JWKS_FILE: 'keys.json' })).toThrow(/one of them/);
  });

  it('refuse headers in production', () => {
    expect(() => loadSettings({ NODE_ENV: 'production' })).toThrow(/^AUTH_MODE: headers is refused/);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(loadSettings({}))).toBe(true);
  });
});
