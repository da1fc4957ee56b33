import fc from 'fast-check';
import { mappingHash } from './mapping-hash';

const FLOW = '11111111-1111-4111-8111-111111111111';

describe('mappingHash', () => {
  it.each<[Record<string, string>, string]>([
    [
      { 'Server Name': 'name', IP: 'ip_address', 'Umgebung \u00e4': 'environment' },
      '9fbb3de65127fd65a19c048b2fcb957dc1a4dc3dc041f192462b001028b911b3',
    ],
    [
      {
        '\ud83d\udda5 Host': 'hostname',
        '\uff28\uff4f\uff53\uff54': 'name',
        z: 'status',
        Z: 'fqdn',
      },
      '5d5623e7509a7345121fc5e06486bc05e4a9a72b80ddd02f0e94b075348bca2f',
    ],
    [
      { 'a\u007fb\u0000\t\n"\\/\u2028': 'name', '\u00e9': 'location', '': 'description' },
      '543263f87435694203ee2bf9b7c614ab7b87953555dddd197c5350831a3c9a2f',
    ],
    [
      { __proto__x: 'name', constructor: 'fqdn', '10': 'status', '9': 'environment' },
      '630bb856d07a2f15820f0bf77412d41dfb92629d9ca9789ba2c976daaddea115',
    ],
  ])('is what Python hashes: %j', (mappings, hash) => {
    expect(mappingHash(FLOW, mappings)).toBe(hash);
  });

  it('is null for no mappings', () => {
    expect(mappingHash(FLOW, {})).toBeNull();
  });

  it('does not depend on the order of the mappings', () => {
    const mappings = fc.dictionary(fc.string({ unit: 'binary' }), fc.string(), { minKeys: 1 });
    fc.assert(
      fc.property(mappings, (forward) => {
        const backward = Object.fromEntries(Object.entries(forward).reverse());
        expect(mappingHash(FLOW, backward)).toBe(mappingHash(FLOW, forward));
      }),
    );
  });

  it('differs from flow to flow', () => {
    const mappings = { IP: 'ip_address' };
    expect(mappingHash('22222222-2222-4222-8222-222222222222', mappings)).not.toBe(
      mappingHash(FLOW, mappings),
    );
  });
});
