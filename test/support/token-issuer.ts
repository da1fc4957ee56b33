import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, type KeyLike, SignJWT } from 'jose';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'discovery-wiring';

interface Key {
  kid: string;
  secret: KeyLike;
  public: JWK;
}

/** An identity provider: it signs tokens, and publishes its keys over HTTP. */
export class TokenIssuer {
  /** How often its keys were fetched. */
  fetches = 0;
  /** What it answers instead of its keys, when it is broken. */
  status = 200;
  private readonly published: Key[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TokenIssuer> {
    const server = createServer((_request, response) => {
      issuer.fetches++;
      const keys = issuer.published.map((key) => key.public);
      response.writeHead(issuer.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    const issuer = new TokenIssuer(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await issuer.rotate();
    return issuer;
  }

  /** A new key, which alone is published from now on. */
  async rotate(): Promise<void> {
    this.published.splice(0, Infinity, await newKey(`key-${this.published.length}-${Date.now()}`));
  }

  get key(): Key {
    return this.published[0]!;
  }

  /** The settings of a service that trusts it. */
  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.address() as AddressInfo;
    return {
      AUTH_MODE: 'jwt',
      JWT_JWKS_URL: `http://127.0.0.1:${port}/keys`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
    };
  }

  /** @param claims over what a good token has; undefined takes one away. */
  token(
    claims: JWTPayload,
    { key = this.key, kid = key.kid }: { key?: Key; kid?: string | null } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: now + 600, iat: now, ...claims };
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'ES256', ...(kid !== null && { kid }) })
      .sign(key.secret);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

export async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    kid,
    secret: privateKey,
    public: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
  };
}
