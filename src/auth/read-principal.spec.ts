import fc from 'fast-check';
import { UnauthorizedError } from '../errors/unauthorized.error';
import { holds, type Principal } from './principal';
import { readPrincipal } from './read-principal';
import { SCOPES } from './scope';

const NAMES = { tenants: 'tenants', scope: 'scope', admin: 'admin' };
const read = (claims: object): Principal => readPrincipal({ sub: 'ada', exp: 1, ...claims }, NAMES);
const uuid = fc.uuid();

describe('readPrincipal', () => {
  it('holds the tenants that the claim names, however they are written, and no other', () => {
    const claim = fc.dictionary(uuid, fc.oneof(fc.constant('*'), fc.array(fc.oneof(uuid, fc.constant('*')))));
    fc.assert(
      fc.property(claim, uuid, uuid, fc.boolean(), (tenants, client_account_id, engagement_id, upper) => {
        const written = upper
          ? Object.fromEntries(Object.entries(tenants).map(([client, list]) => [client.toUpperCase(), list]))
          : tenants;
        const principal = read({ tenants: written });
        expect(holds(principal, { client_account_id, engagement_id })).toBe(false);
        for (const [client, listed] of Object.entries(tenants)) {
          const all = listed === '*' || listed.includes('*');
          expect(holds(principal, { client_account_id: client, engagement_id })).toBe(all);
          for (const engagement of listed === '*' ? [] : listed) {
            if (engagement === '*') continue;
            expect(holds(principal, { client_account_id: client, engagement_id: engagement })).toBe(true);
            expect(holds(principal, { client_account_id, engagement_id: engagement })).toBe(false);
          }
        }
      }),
    );
  });

  it('reads any claims into a principal or refuses them, and never lets one in that says nothing', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        fc.anything(),
        uuid,
        uuid,
        (tenants, scope, admin, client, engagement) => {
          let principal: Principal;
          try {
            principal = read({ tenants, scope, admin });
          } catch (error) {
            expect(error).toBeInstanceOf(UnauthorizedError);
            return;
          }
          expect(holds(principal, { client_account_id: client, engagement_id: engagement })).toBe(
            admin === true,
          );
          for (const allowed of principal.scopes) expect(SCOPES).toContain(allowed);
        },
      ),
    );
  });

  it('knows its scopes in a text and in a list, and passes over those of others', () => {
    expect([...read({ scope: 'openid inventory:read wiring:repair' }).scopes]).toEqual([
      'inventory:read',
      'wiring:repair',
    ]);
    expect([...read({ scope: ['inventory:write', 'mail'] }).scopes]).toEqual(['inventory:write']);
    expect([...read({}).scopes]).toEqual([]);
  });

  it('takes no claim from what every object has', () => {
    const names = { tenants: 'toString', scope: 'valueOf', admin: 'hasOwnProperty' };
    const principal = readPrincipal({ sub: 'ada', exp: 1 }, names);
    expect(principal).toMatchObject({ tenants: new Map(), scopes: new Set() });
  });
});
