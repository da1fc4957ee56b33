import { basename } from 'node:path';
import { readImportOptions } from './import-options';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const ENGAGEMENT = '22222222-2222-4222-8222-22222222222A';
const TENANT = ['--client', CLIENT, '--engagement', ENGAGEMENT];
const FILE = basename(__filename);
const read = (...args: string[]) => readImportOptions(args, __dirname);
const readGood = (...args: string[]) => read(FILE, ...TENANT, ...args);

describe('the arguments of an import', () => {
  it('are a file and a tenant at least', () => {
    expect(readGood()).toMatchObject({
      file: __filename,
      sizeBytes: expect.any(Number),
      tenant: { client_account_id: CLIENT, engagement_id: ENGAGEMENT.toLowerCase() },
      url: undefined,
      upload: {},
      mappings: new Map(),
      run: {},
      dryRun: false,
    });
  });

  it('become the requests that they are for', () => {
    const options = readGood(
      ...[
        '--url',
        'https://wiring.example/base/',
        '--header',
        '3',
        '--delimiter',
        ';',
        '--encoding',
        'windows-1250',
        '--footer',
        'keep',
        '--source',
        'glpi',
        '--sheet',
        'vInfo',
        '--group-by',
        'VM Name',
        '--force',
        '--flow-name',
        'Munich',
      ],
      ...['--map', 'a=b=hostname', '--map', 'Rack ='],
      ...['--chunk-size', '50', '--failure-policy', 'retry', '--conflict-policy', 'merge', '--dry-run'],
    );
    expect(options).toMatchObject({
      url: 'https://wiring.example/base',
      upload: {
        sheet: 'vInfo',
        header: '3',
        delimiter: ';',
        encoding: 'windows-1250',
        footer: 'keep',
        source: 'glpi',
        group_by: 'VM Name',
        force: 'true',
      },
      mappings: new Map([
        ['a=b', 'hostname'],
        ['Rack', ''],
      ]),
      flowName: 'Munich',
      run: { chunk_size: 50, failure_policy: 'retry', conflict_policy: 'merge', dry_run: true },
      dryRun: true,
    });
  });

  it('--help needs no others', () => {
    expect(read('--help')).toBe('help');
  });

  it.each([
    [[...TENANT], /^FILE: is missing$/],
    [['a.csv', 'b.csv', ...TENANT], /^FILE: must be one, there are 2$/],
    [['nowhere.csv', ...TENANT], /^FILE: there is no .*nowhere\.csv$/],
    [['..', ...TENANT], /^FILE: .* is no file$/],
    [[FILE], /^--client: is missing; --engagement: is missing$/],
    [[FILE, '--client', 'x', '--engagement', ENGAGEMENT], /^--client: must be a UUID$/],
    [[FILE, ...TENANT, '--url', 'localhost:3000'], /^--url: must be a URL/],
    [[FILE, ...TENANT, '--url', 'ftp://x'], /^--url: must be a URL/],
    [[FILE, ...TENANT, '--url', 'http://user:secret@x'], /^--url: must hold no user$/],
    [[FILE, ...TENANT, '--url', 'http://x?a=b'], /^--url: must end with its path$/],
    [[FILE, ...TENANT, '--chunk-size', '9'], /^--chunk-size: must be at least 10$/],
    [[FILE, ...TENANT, '--chunk-size', '5001'], /^--chunk-size: must be at most 5000$/],
    [[FILE, ...TENANT, '--chunk-size', '1e2'], /^--chunk-size: must be a whole number$/],
    [[FILE, ...TENANT, '--failure-policy', 'pray'], /^--failure-policy: must be one of stop, skip, retry$/],
    [[FILE, ...TENANT, '--conflict-policy', 'x'], /^--conflict-policy: must be one of keep_existing, merge/],
    [[FILE, ...TENANT, '--flow-name', ' '], /^--flow-name: must hold more than blanks/],
    [[FILE, ...TENANT, '--sheet'], /--sheet/],
    [[FILE, ...TENANT, '--map', 'Rack'], /^--map: must be HEADER=FIELD, with a field of name, hostname, /],
    [[FILE, ...TENANT, '--map', '=hostname'], /^--map: must be HEADER=FIELD/],
    [[FILE, ...TENANT, '--map', 'a=name', '--map', 'Rack=rack'], /^--map: must be HEADER=FIELD/],
    [[FILE, ...TENANT, '--bogus'], /--bogus/],
  ])('%j are refused by name', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
