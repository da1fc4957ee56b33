import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recogniseSource } from '../field-mapping/recognise-source';
import { loadSourceProfiles } from './load-source-profiles';
import { SourceProfileError } from './source-profile.error';

const OWN = {
  source: 'our-cmdb',
  title: 'Our own',
  recognised_by: [{ all: ['Kennung', 'Rechnername'] }],
  fields: { name: ['Rechnername'] },
};

describe('loadSourceProfiles', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'profiles-'))));
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });
  const write = (name: string, content: unknown) => {
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
  };

  it.each(loadSourceProfiles(null).map((profile) => [profile.source, profile] as const))(
    'reads %s, which is recognised by its own signatures and contradicts itself nowhere',
    (source, profile) => {
      const others = loadSourceProfiles(null);
      for (const { all, some } of profile.recognised_by) {
        expect(recogniseSource([...all, ...some], others)?.source).toBe(source);
      }
      const mapped = new Set(Object.values(profile.fields).flat());
      expect(profile.ignore.filter((header) => mapped.has(header))).toEqual([]);
      expect(Object.keys(profile.units).filter((header) => profile.ignore.includes(header))).toEqual([]);
    },
  );

  it('knows every source of the contract', () => {
    expect(loadSourceProfiles(null).map(({ source }) => source)).toEqual([
      'ansible-facts',
      'aws-mgn',
      'aws-migration-hub',
      'azure-migrate',
      'facter',
      'glpi',
      'google-migration-center',
      'govc',
      'konveyor',
      'live-optics',
      'netbox',
      'nutanix',
      'ralph',
      'rvtools-vinfo',
      'servicenow-cmdb',
      'snipe-it',
    ]);
  });

  it("adds a user's own, and lets one replace the shipped one of the same source", () => {
    write('our-cmdb.json', OWN);
    write('ralph.json', { ...OWN, source: 'ralph' });
    write('notes.txt', 'no profile');
    const profiles = loadSourceProfiles(directory);
    expect(profiles.find(({ source }) => source === 'our-cmdb')).toMatchObject({
      ignore: [],
      asset_type: null,
    });
    expect(profiles.find(({ source }) => source === 'ralph')?.fields).toEqual(OWN.fields);
    expect(profiles).toHaveLength(loadSourceProfiles(null).length + 1);
  });

  it.each([
    ['{', /bad\.json: /],
    [{ ...OWN, fields: { hostnam: ['x'] } }, /bad\.json: fields/],
    [{ ...OWN, fields: { name: [] } }, /bad\.json: fields\.name: /],
    [{ ...OWN, recognised_by: [] }, /bad\.json: recognised_by: /],
    [{ ...OWN, recognised_by: [{ some: ['a'], at_least: 2 }] }, /bad\.json: recognised_by\.0: at_least/],
    [{ ...OWN, recognised_by: [{ some: ['a'] }] }, /bad\.json: recognised_by\.0: must ask/],
    [{ ...OWN, source: 'generic' }, /bad\.json: source: /],
    [{ ...OWN, source: 'Our CMDB' }, /bad\.json: source: /],
    [{ ...OWN, units: { Memory: 'MiB' } }, /bad\.json: units\.Memory: /],
    [{ ...OWN, asset_type: 'vm' }, /bad\.json: asset_type: /],
    [{ ...OWN, colour: 'red' }, /bad\.json: .*colour/],
  ])('names the file and what is wrong in %j', (content, message) => {
    write('bad.json', content);
    expect(() => loadSourceProfiles(directory)).toThrow(SourceProfileError);
    expect(() => loadSourceProfiles(directory)).toThrow(message);
  });

  it('refuses two files for one source, and a folder that is not there', () => {
    write('a.json', OWN);
    write('b.json', OWN);
    expect(() => loadSourceProfiles(directory)).toThrow(
      /b\.json: source: our-cmdb is already that of .*a\.json/,
    );
    expect(() => loadSourceProfiles(join(directory, 'nowhere'))).toThrow(/SOURCE_PROFILES_DIR: .*nowhere/);
  });
});
