import fc from 'fast-check';
import type { AssetField } from '../field-mapping/asset-fields';
import { compileRowMapper } from '../field-mapping/map-row';
import type { ConflictPolicy } from './conflict-policy';
import { decideRows, type ReadRow } from './decide-rows';
import { identityKeys } from './identity-keys';
import { DEFAULT_IDENTITY_RULE, type IdentityRule } from './identity-rule';
import { type KnownAsset, KnownAssets } from './known-assets';

const FIELDS: Record<string, AssetField> = {
  Name: 'name',
  Type: 'asset_type',
  Host: 'hostname',
  FQDN: 'fqdn',
  IP: 'ip_address',
  Serial: 'serial_number',
  'RAM (GB)': 'memory_gb',
  Site: 'location',
};
const mapRow = compileRowMapper(FIELDS);

function read(cells: Record<string, string>, i = 0): ReadRow {
  return { id: `row-${i}`, mapped: mapRow(cells) };
}

/** Decides rows in chunks of a size, each with what the chunks before it have left in the "database". */
function decide(
  rows: readonly Partial<Record<string, string>>[],
  {
    chunk = Infinity,
    policy = 'keep_existing',
    rule = DEFAULT_IDENTITY_RULE,
  }: { chunk?: number; policy?: ConflictPolicy; rule?: IdentityRule } = {},
) {
  const stored: KnownAsset[] = [];
  let ids = 0;
  const verdicts = [];
  for (let start = 0; start < rows.length; start += chunk) {
    const part = rows
      .slice(start, start + chunk)
      .map((cells, i) => read(cells as Record<string, string>, start + i));
    for (let decided = 0; decided < part.length;) {
      const known = new KnownAssets();
      for (const asset of stored) {
        for (const key of identityKeys(rule, asset.fields)) known.add(key, asset);
      }
      const newId = () => `asset-${String(++ids).padStart(6, '0')}`;
      const some = decideRows(part.slice(decided), known, { rule, policy, newId });
      for (const verdict of some) if (verdict.fate === 'created') stored.push(verdict.asset);
      verdicts.push(...some);
      decided += some.length;
    }
  }
  return { verdicts, stored, fates: verdicts.map(({ fate }) => fate) };
}

describe('a row', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['of the same host name', { Host: 'web-1' }, { Host: 'web-1' }, 'duplicate'],
    ['of the same host name in other letters', { Host: 'web-1' }, { Host: 'WEB-1' }, 'duplicate'],
    ['that says less', { Host: 'web-1', 'RAM (GB)': '8' }, { Host: 'web-1' }, 'duplicate'],
    [
      'that says the same in another unit',
      { Host: 'web-1', 'RAM (GB)': '8' },
      { Host: 'web-1', 'RAM (GB)': '8192 MB' },
      'duplicate',
    ],
    ['that says otherwise', { Host: 'web-1', Site: 'FRA' }, { Host: 'web-1', Site: 'MUC' }, 'conflict'],
    ['that says more', { Host: 'web-1' }, { Host: 'web-1', Site: 'MUC' }, 'conflict'],
    [
      'of another host name at the same address',
      { Host: 'web-1', IP: '10.0.0.1' },
      { Host: 'web-2', IP: '10.0.0.1' },
      'created',
    ],
    [
      'without a host name, of the same FQDN',
      { Host: 'web-1', FQDN: 'web-1.x.de' },
      { FQDN: 'WEB-1.x.de' },
      'duplicate',
    ],
    ['with nothing but the same address', { Host: 'web-1', IP: '10.0.0.1' }, { IP: '10.0.0.1' }, 'duplicate'],
    [
      'of the same name and type',
      { Name: 'Shop', Type: 'application' },
      { Name: 'shop', Type: 'Application' },
      'duplicate',
    ],
    [
      'of the same name and another type',
      { Name: 'Shop', Type: 'application' },
      { Name: 'Shop', Type: 'database' },
      'created',
    ],
    ['that is called localhost, as many are', { Host: 'localhost' }, { Host: 'localhost' }, 'created'],
    [
      'called localhost at an address that is known',
      { Host: 'a', IP: '10.0.0.1' },
      { Host: 'localhost', IP: '10.0.0.1' },
      'conflict',
    ],
  ])('%s', (_what, first, second, fate) => {
    expect(decide([first, second]).fates).toEqual(['created', fate]);
  });

  it('is known by another rule when one is set', () => {
    const rows = [
      { Host: 'a', Serial: 'S-1' },
      { Host: 'b', Serial: 'S-1' },
      { Host: 'a', Serial: 'To be filled by O.E.M.' },
    ];
    expect(decide(rows).fates).toEqual(['created', 'created', 'conflict']);
    expect(decide(rows, { rule: ['serial_number'] }).fates).toEqual(['created', 'conflict', 'created']);
  });

  it('names each cell that differs once, by its header, with both values', () => {
    const { verdicts } = decide([
      { Host: 'a', 'RAM (GB)': '8 GB', Site: 'FRA', Rack: 'R1', Owner: 'x' },
      { Host: 'a', 'RAM (GB)': '16 GB', Site: 'FRA', Rack: 'R2', Owner: ' x ', Note: 'new' },
    ]);
    expect(verdicts[1]).toMatchObject({
      fate: 'conflict',
      rule: 'hostname',
      candidates: 1,
      differences: [
        { field: 'memory_gb', column: 'RAM (GB)', existing: 8, incoming: 16, outcome: 'kept' },
        { field: 'custom_attributes.Rack', column: 'Rack', existing: 'R1', incoming: 'R2', outcome: 'kept' },
        { field: 'custom_attributes.Note', column: 'Note', existing: null, incoming: 'new', outcome: 'kept' },
      ],
    });
  });

  it('changes an asset as the policy says, and by its own words only', () => {
    const rows = [
      { Host: 'a', Site: 'FRA', 'RAM (GB)': '8 GB', Rack: 'R1' },
      { Host: 'a', Site: 'MUC', 'RAM (GB)': '16', FQDN: 'a.x.de', Rack: 'R2', Bay: '7' },
    ];
    const after = (policy: ConflictPolicy) => decide(rows, { policy }).stored[0]!;
    expect(after('keep_existing')).toMatchObject({
      isChanged: false,
      fields: { location: 'FRA', memory_gb: 8, fqdn: null, status: 'discovered' },
      custom_attributes: { 'RAM (GB)': '8 GB', Rack: 'R1' },
    });
    expect(after('merge')).toMatchObject({
      fields: { location: 'FRA', memory_gb: 8, fqdn: 'a.x.de' },
      custom_attributes: { 'RAM (GB)': '8 GB', Rack: 'R1', Bay: '7' },
    });
    const replaced = after('replace');
    expect(replaced).toMatchObject({
      id: 'asset-000001',
      fields: { location: 'MUC', memory_gb: 16, fqdn: 'a.x.de', hostname: 'a' },
    });
    // The text `8 GB` would contradict the 16.
    expect({ ...replaced.custom_attributes }).toEqual({ Rack: 'R2', Bay: '7' });
  });

  it.each<ConflictPolicy>(['merge', 'replace'])(
    'that means one of several assets changes none of them (%s)',
    (policy) => {
      const rows = [
        { Host: 'a', IP: '10.0.0.1', Site: 'FRA' },
        { Host: 'b', IP: '10.0.0.1' },
        { IP: '10.0.0.1', Site: 'MUC', Serial: 'S' },
      ];
      const { verdicts, stored } = decide(rows, { policy });
      expect(verdicts[2]).toMatchObject({ fate: 'conflict', candidates: 2, asset: { id: 'asset-000001' } });
      expect(stored.map(({ isChanged }) => isChanged)).toEqual([false, false]);
    },
  );

  it('reaches no prototype by its headers', () => {
    const cells = (rack: string) =>
      Object.assign(Object.create(null) as Record<string, string>, { Host: 'a', ['__proto__']: rack });
    const { verdicts, stored } = decide([cells('1'), cells('2')], { policy: 'replace' });
    expect(verdicts[1]).toMatchObject({ fate: 'conflict' });
    expect(Object.entries(stored[0]!.custom_attributes)).toEqual([['__proto__', '2']]);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

describe('a file', () => {
  const few = (...values: string[]) => fc.constantFrom('', ...values);
  const row = fc.record({
    Name: few('Shop', 'shop', 'DB'),
    Type: few('server', 'database'),
    Host: few('a', 'A', 'b', 'c', 'localhost', 'N/A'),
    FQDN: few('a.x.de', 'b.x.de'),
    IP: few('10.0.0.1', '10.0.0.2', '127.0.0.1'),
    'RAM (GB)': few('8', '8 GB', '16'),
    Rack: few('R1', 'R2'),
  });
  const rows = fc.array(row, { maxLength: 25 });
  const seen = ({ verdicts }: ReturnType<typeof decide>) =>
    verdicts.map((verdict) => ({
      fate: verdict.fate,
      ...(verdict.fate !== 'rejected' && { asset: verdict.asset.id }),
      ...('differences' in verdict && { candidates: verdict.candidates, differences: verdict.differences }),
    }));

  it.each<ConflictPolicy>(['keep_existing', 'merge', 'replace'])(
    'has the same fates however it is cut into chunks (%s)',
    (policy) => {
      fc.assert(
        fc.property(rows, fc.integer({ min: 1, max: 8 }), (file, chunk) => {
          expect(seen(decide(file, { policy, chunk }))).toEqual(seen(decide(file, { policy })));
        }),
        { numRuns: 300 },
      );
    },
  );

  it('read a second time makes no asset that is known by anything', () => {
    fc.assert(
      fc.property(rows, (file) => {
        const { verdicts } = decide([...file, ...file]);
        const first = verdicts.slice(0, file.length);
        verdicts.slice(file.length).forEach((again, i) => {
          if (again.fate !== 'created') return;
          expect(first[i]!.fate).toBe('created');
          expect(identityKeys(DEFAULT_IDENTITY_RULE, again.row.mapped.fields).length).toBe(
            identityKeys(DEFAULT_IDENTITY_RULE, first[i]!.row.mapped.fields).length,
          );
          // Only a row without any usable key is made again.
          expect(again.row.mapped.fields.hostname ?? 'localhost').toMatch(/^localhost$/i);
        });
      }),
    );
  });
});
