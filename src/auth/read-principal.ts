import type { JWTPayload } from 'jose';
import { UnauthorizedError } from '../errors/unauthorized.error';
import { isTenantId } from '../tenancy/is-tenant-id';
import type { HeldTenants, Principal } from './principal';
import { type Scope, SCOPES } from './scope';

/** Names of the claims, since every identity provider has its own. */
export interface ClaimNames {
  tenants: string;
  scope: string;
  admin: string;
}

const MAX_SUBJECT = 255;

/**
 * Reads what a token whose signature, issuer, audience and times were verified allows:
 * `{"tenants": {"<client account>": ["<engagement>", …] | "*"}, "scope": "inventory:read …", "admin": true}`.
 * A claim that cannot be read is no claim to anything: the token is refused, and not taken for one that allows less.
 * @throws UnauthorizedError naming the claim, without its value.
 */
export function readPrincipal(claims: JWTPayload, names: ClaimNames): Principal {
  const { sub, exp } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT) throw wrong('sub');
  if (typeof exp !== 'number') throw wrong('exp');
  return Object.freeze({
    subject: sub,
    tenants: isAdmin(own(claims, names.admin), names.admin)
      ? '*'
      : tenantsOf(own(claims, names.tenants), names.tenants),
    scopes: scopesOf(own(claims, names.scope), names.scope),
    expires_at: exp * 1000,
  });
}

/** A claim named like something that every object has is not there by being so named. */
function own(claims: JWTPayload, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function isAdmin(claim: unknown, name: string): boolean {
  if (claim === undefined) return false;
  if (typeof claim !== 'boolean') throw wrong(name);
  return claim;
}

function tenantsOf(claim: unknown, name: string): HeldTenants {
  const held = new Map<string, ReadonlySet<string>>();
  if (claim === undefined) return held;
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) throw wrong(name);
  for (const [client, listed] of Object.entries(claim)) {
    const engagements: unknown[] = Array.isArray(listed) ? listed : [listed];
    if (!isTenantId(client) || !engagements.every((id) => id === '*' || isTenantId(id))) throw wrong(name);
    const known = held.get(client.toLowerCase()) ?? [];
    held.set(client.toLowerCase(), new Set([...known, ...engagements.map((id) => id.toLowerCase())]));
  }
  return held;
}

/** Text with blanks between, as OAuth has it, or a list. Scopes of other services are passed over. */
function scopesOf(claim: unknown, name: string): ReadonlySet<Scope> {
  if (claim === undefined) return new Set();
  const words: unknown[] | null =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : null;
  if (!words?.every((word) => typeof word === 'string')) throw wrong(name);
  return new Set(SCOPES.filter((scope) => words.includes(scope)));
}

function wrong(claim: string): UnauthorizedError {
  return new UnauthorizedError('invalid_token', `its claim "${claim}" is missing or cannot be read`);
}
