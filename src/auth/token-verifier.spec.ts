import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey, TokenIssuer } from '../../test/support/token-issuer';
import { loadSettings } from '../config/settings';
import { UnauthorizedError } from '../errors/unauthorized.error';
import { tokenVerifier } from './token-verifier';

describe('tokenVerifier', () => {
  let issuer: TokenIssuer;
  let folder: string;
  beforeEach(async () => {
    issuer = await TokenIssuer.start();
    folder = await mkdtemp(join(tmpdir(), 'discovery-wiring-keys-'));
  });
  afterEach(async () => {
    await issuer.stop();
    await rm(folder, { recursive: true });
  });

  const verifier = (env: NodeJS.ProcessEnv = {}, cooldown_ms?: number) =>
    tokenVerifier(loadSettings({ ...issuer.env, ...env }).jwt!, cooldown_ms);

  it('fetches the keys once for many tokens', async () => {
    const verify = verifier();
    const token = await issuer.token({});
    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(issuer.fetches).toBe(1);
  });

  it('follows a rotation of the keys, and refuses the old one from then on', async () => {
    const verify = verifier({}, 0);
    const old = await issuer.token({ sub: 'old' });
    expect(await verify(old)).toMatchObject({ subject: 'old' });
    await issuer.rotate();
    expect(await verify(await issuer.token({ sub: 'new' }))).toMatchObject({ subject: 'new' });
    await expect(verify(old)).rejects.toThrow(UnauthorizedError);
  });

  it('does not ask for the keys again and again because somebody invents names of keys', async () => {
    const verify = verifier();
    await verify(await issuer.token({}));
    for (let i = 0; i < 10; i++) {
      const token = await issuer.token({}, { kid: `invented-${i}` });
      await expect(verify(token)).rejects.toThrow('its key is not known');
    }
    expect(issuer.fetches).toBe(1);
  });

  it('needs no network with a file of keys', async () => {
    const file = join(folder, 'jwks.json');
    await writeFile(file, JSON.stringify({ keys: [issuer.key.public] }));
    const verify = verifier({ JWT_JWKS_URL: '', JWT_JWKS_FILE: file });
    expect(await verify(await issuer.token({}))).toMatchObject({ subject: 'ada', scopes: new Set() });
    expect(issuer.fetches).toBe(0);
  });

  it.each([
    ['is not there', null, 'JWT_JWKS_FILE: holds no JSON Web Key Set (ENOENT)'],
    ['is no JSON', 'hush', 'JWT_JWKS_FILE: holds no JSON Web Key Set (SyntaxError)'],
    ['holds something else', '{"key": 1}', 'JWT_JWKS_FILE: holds no JSON Web Key Set (ERR_JWKS_INVALID)'],
    ['is empty', '{"keys": []}', 'JWT_JWKS_FILE: holds no key'],
    ['holds a secret', '{"keys": [{"kty": "oct", "k": "aHVzaA"}]}', 'JWT_JWKS_FILE: holds a secret key'],
  ])('refuses to start with a file that %s', async (_, text, message) => {
    const file = join(folder, 'jwks.json');
    if (text !== null) await writeFile(file, text);
    expect(() => verifier({ JWT_JWKS_URL: '', JWT_JWKS_FILE: file })).toThrow(message);
  });

  it('asks a token which of several keys it was signed with', async () => {
    const file = join(folder, 'jwks.json');
    const keys = [issuer.key, await newKey('other')].map((key) => ({ ...key.public, kid: undefined }));
    await writeFile(file, JSON.stringify({ keys }));
    const verify = verifier({ JWT_JWKS_URL: '', JWT_JWKS_FILE: file });
    await expect(verify(await issuer.token({}, { kid: null }))).rejects.toThrow(
      'it does not say which key it was signed with',
    );
  });
});
