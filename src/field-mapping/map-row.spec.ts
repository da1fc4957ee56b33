import fc from 'fast-check';
import { ASSET_FIELDS, type AssetField } from './asset-fields';
import { compileRowMapper } from './map-row';

const FIELD_NAMES = Object.keys(ASSET_FIELDS) as AssetField[];

describe('compileRowMapper', () => {
  it('turns cells into fields and keeps what the fields do not show', () => {
    const map = compileRowMapper({
      'Server Name': 'name',
      IPs: 'ip_address',
      Umgebung: 'environment',
      'RAM (MB)': 'memory_gb',
      Kerne: 'cpu_cores',
      Typ: 'asset_type',
    });
    const row = map({
      'Server Name': ' web-01 ',
      IPs: '[fe80::1,10.0.0.1];',
      Umgebung: 'PROD',
      'RAM (MB)': '4096',
      Kerne: '4',
      Typ: 'server',
      Rack: 'R 12 ',
      Notiz: '  ',
    });
    expect(row.problem).toBeNull();
    expect(row.fields).toMatchObject({
      name: 'web-01',
      ip_address: '10.0.0.1',
      environment: 'production',
      memory_gb: 4,
      cpu_cores: 4,
      asset_type: 'server',
      status: 'discovered',
      hostname: null,
      criticality: null,
    });
    expect({ ...row.custom_attributes }).toEqual({
      IPs: '[fe80::1,10.0.0.1];',
      Umgebung: 'PROD',
      'RAM (MB)': '4096',
      Rack: 'R 12 ',
    });
  });

  it('has every field, mapped or not', () => {
    expect(Object.keys(compileRowMapper({})({}).fields)).toEqual(FIELD_NAMES);
  });

  it('keeps what it cannot read, and reads null words as empty', () => {
    const map = compileRowMapper({
      Name: 'name',
      RAM: 'memory_gb',
      IP: 'ip_address',
      OS: 'operating_system',
    });
    const row = map({ Name: 'web-01', RAM: 'plenty', IP: 'dhcp', OS: 'N/A' });
    expect(row.fields).toMatchObject({ memory_gb: null, ip_address: null, operating_system: null });
    expect({ ...row.custom_attributes }).toEqual({ RAM: 'plenty', IP: 'dhcp', OS: 'N/A' });
  });

  it('takes the first column that has a value, in the order of the mappings, and keeps the others', () => {
    const map = compileRowMapper({ Name: 'name', Tools: 'operating_system', Config: 'operating_system' });
    const both = map({ Config: 'Ubuntu', Name: 'a', Tools: 'Debian' });
    expect(both.fields.operating_system).toBe('Debian');
    expect({ ...both.custom_attributes }).toEqual({ Config: 'Ubuntu' });
    const one = map({ Config: 'Ubuntu', Name: 'a', Tools: 'unknown' });
    expect(one.fields.operating_system).toBe('Ubuntu');
    expect({ ...one.custom_attributes }).toEqual({ Tools: 'unknown' });
  });

  it.each([
    [{ host: 'web-01', fqdn: 'web-01.example.com', ip: '10.0.0.1' }, 'web-01'],
    [{ fqdn: 'web-01.example.com', ip: '10.0.0.1' }, 'web-01.example.com'],
    [{ ip: '10.0.0.1/24' }, '10.0.0.1'],
    [{ name: 'N/A', ip: '10.0.0.1' }, '10.0.0.1'],
  ])('names a nameless asset after its machine: %j', (cells, name) => {
    const row = compileRowMapper({ name: 'name', host: 'hostname', fqdn: 'fqdn', ip: 'ip_address' })(cells);
    expect(row.fields.name).toBe(name);
    expect(row.problem).toBeNull();
  });

  it('says why a row cannot become an asset', () => {
    const map = compileRowMapper({ Name: 'name', App: 'application_name' });
    expect(map({ Name: 'N/A', App: 'Shop' }).problem).toMatchObject({
      column: 'Name',
      value: 'N/A',
      code: 'missing_name',
    });
    expect(compileRowMapper({})({ Name: 'web-01' }).problem).toMatchObject({ column: null, value: null });
  });

  it.each([
    [{ type: 'VM', os: 'Ubuntu' }, 'virtual_machine'],
    [{ type: 'Thing', os: 'Ubuntu' }, 'server'],
    [{ cpu: '4' }, 'server'],
    [{ disk: '4' }, 'server'],
    [{ fqdn: 'x.example.com' }, 'server'],
    [{ app: 'Shop', os: 'Ubuntu' }, 'server'],
    [{ app: 'Shop' }, 'application'],
    [{ cpu: 'N/A' }, 'other'],
  ])('types %j as %s', (cells, type) => {
    const map = compileRowMapper({
      name: 'name',
      type: 'asset_type',
      os: 'operating_system',
      cpu: 'cpu_cores',
      disk: 'storage_gb',
      fqdn: 'fqdn',
      app: 'application_name',
    });
    expect(map({ name: 'x', ...cells }).fields.asset_type).toBe(type);
  });

  it('learns the unit of a silent memory column from samples', () => {
    const cells = { VM: 'a', Memory: '2048' };
    expect(compileRowMapper({ VM: 'name', Memory: 'memory_gb' })(cells).fields.memory_gb).toBeNull();
    const map = compileRowMapper({ VM: 'name', Memory: 'memory_gb' }, [cells, { VM: 'b', Memory: '8192' }]);
    expect(map(cells).fields.memory_gb).toBe(2);
  });

  it('reads a silent unit as the source of the file counts', () => {
    const cells = { VM: 'a', Memory: '512' };
    const mappings = { VM: 'name', Memory: 'memory_gb' } as const;
    expect(compileRowMapper(mappings, [cells])(cells).fields.memory_gb).toBe(512);
    const profile = {
      source: 'a',
      recognised_by: [],
      fields: {},
      ignore: [],
      only_these: false,
      units: { memory: 'MB' },
      asset_type: null,
    } as const;
    expect(compileRowMapper(mappings, [cells], profile)(cells).fields.memory_gb).toBe(0.5);
  });

  it.each([
    ['VM', 'virtual_machine'],
    ['VM Name', 'virtual_machine'],
    ['Nom de la VM', 'virtual_machine'],
    ['Server', 'server'],
    ['VM Host', 'server'],
  ])('makes of a machine in a column %j a %s', (header, type) => {
    const map = compileRowMapper({ [header]: 'name', IP: 'ip_address' });
    expect(map({ [header]: 'a', IP: '10.0.0.1' }).fields.asset_type).toBe(type);
  });

  it('takes headers such as __proto__ for what they are', () => {
    const cells = JSON.parse('{"__proto__": "db-01", "constructor": "x", "toString": "y"}') as Record<
      string,
      string
    >;
    const mappings = JSON.parse('{"__proto__": "name", "hasOwnProperty": "fqdn"}') as Record<
      string,
      AssetField
    >;
    const row = compileRowMapper(mappings)(cells);
    expect(row.fields).toMatchObject({ name: 'db-01', fqdn: null });
    expect(Object.entries(row.custom_attributes)).toEqual([
      ['constructor', 'x'],
      ['toString', 'y'],
    ]);
  });

  it('loses no cell and invents none, whatever the cells and the mappings', () => {
    const header = fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'Name', 'RAM (GB)', '7'),
      fc.string(),
    );
    const cell = fc.oneof(fc.constantFrom('N/A', '4 GB', '4096', 'PROD', '10.0.0.1', ' web '), fc.string());
    const table = fc.dictionary(header, fc.tuple(cell, fc.constantFrom(null, ...FIELD_NAMES)), {
      noNullPrototype: false,
    });
    fc.assert(
      fc.property(table, (columns) => {
        const entries = Object.entries(columns);
        const cells = Object.fromEntries(entries.map(([key, [text]]) => [key, text]));
        const mappings = Object.fromEntries(
          entries.flatMap(([key, [, field]]) => (field === null ? [] : [[key, field]])),
        ) as Record<string, AssetField>;
        const { fields, custom_attributes } = compileRowMapper(mappings)(cells);
        for (const [key, [text, field]] of entries) {
          const kept = Object.hasOwn(custom_attributes, key) && custom_attributes[key] === text;
          const shown = field !== null && String(fields[field]) === text.trim();
          expect(kept || shown || text.trim() === '').toBe(true);
        }
        for (const key of Object.keys(custom_attributes))
          expect(custom_attributes[key]).toBe(columns[key]?.[0]);
      }),
      { numRuns: 500 },
    );
  });
});
