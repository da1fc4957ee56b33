import * as fc from 'fast-check';
import { ASSET_FIELDS, type AssetField } from './asset-fields';
import { CONFIDENT_SCORE } from './confident-score';
import { headerKey } from './header-key';
import { suggestFieldMappings } from './suggest-field-mappings';
import { type LearnedMapping, withLearnedMappings } from './with-learned-mappings';

const learn = (header: string, target_field: AssetField | null, date = '2026-05-01'): LearnedMapping => ({
  source: 'generic',
  header_key: headerKey(header),
  header,
  target_field,
  updated_at: new Date(`${date}T12:00:00Z`),
});
const suggest = (columns: string[], ...learned: LearnedMapping[]) =>
  withLearnedMappings(columns, suggestFieldMappings(columns, []), 'generic', learned);

describe('learned mappings', () => {
  it('go before the engine, which still sees every other column', () => {
    expect(suggest(['Hostname', 'Blubb', 'Rack'], learn('blubb', 'environment'))).toEqual([
      expect.objectContaining({ source_field: 'Hostname', target_field: 'hostname' }),
      {
        source_field: 'Blubb',
        target_field: 'environment',
        confidence_score: 1,
        match_type: 'learned',
        rule: 'approved by this tenant on 2026-05-01',
        evidence: ['approved by this tenant on 2026-05-01'],
      },
      expect.objectContaining({ source_field: 'Rack', target_field: 'location' }),
    ]);
  });

  it('of another source change nothing', () => {
    const columns = ['Hostname', 'Blubb'];
    const learned = [{ ...learn('Blubb', 'name'), source: 'netbox' }];
    expect(suggest(columns, ...learned)).toEqual(suggestFieldMappings(columns, []));
  });

  it('for a field that is no more change nothing', () => {
    const columns = ['Hostname', 'Blubb'];
    const learned = learn('Hostname', 'rack_unit' as AssetField);
    expect(suggest(columns, learned, learn('Blubb', 'constructor' as AssetField))).toEqual(
      suggestFieldMappings(columns, []),
    );
  });

  it('take the confidence of another column that is suggested for the same field, and say why', () => {
    const [serial] = suggest(['Serial Number', 'Inventar'], learn('Inventar', 'serial_number'));
    expect(serial).toMatchObject({
      confidence_score: 0.75,
      rule: 'field name, but this tenant approved "Inventar"',
    });
  });

  it('of columns that were left out lower the suggestion, and say why', () => {
    expect(suggest(['Serial Number'], learn('SERIAL NUMBER', null))).toEqual([
      expect.objectContaining({
        target_field: 'serial_number',
        confidence_score: 0.5,
        match_type: 'exact',
        rule: 'field name, but this tenant left the column out on 2026-05-01',
      }),
    ]);
    expect(suggest(['Blubb'], learn('Blubb', null))).toEqual([]);
  });

  it('for the same field: the one approved latest is confident, then the one written alike, then the first', () => {
    const scores = (columns: string[], ...learned: LearnedMapping[]) =>
      suggest(columns, ...learned).map(({ confidence_score }) => confidence_score);
    expect(scores(['A', 'B'], learn('A', 'name', '2026-01-01'), learn('B', 'name', '2026-01-02'))).toEqual([
      0.75, 1,
    ]);
    expect(scores(['Host Name', 'hostname'], learn('hostname', 'name'))).toEqual([0.75, 1]);
    expect(scores(['A', 'B'], learn('A', 'name'), learn('B', 'name'))).toEqual([1, 0.75]);
  });

  it('whatever they are: at most one suggestion a column and one confident a field, and the learned ones win', () => {
    const header = fc.constantFrom(
      ...[
        'Hostname',
        'host_name',
        'VM',
        'Name',
        'Host',
        'RAM (GB)',
        'RAM MB',
        'Memory',
        'OS',
        'IP',
        'ip_address',
      ],
      ...['Serial', 'Serial Number', 'Env', 'Owner', 'Blubb', '#', 'toString', '__proto__'],
    );
    const lessons = fc
      .array(
        fc.record({
          header,
          target_field: fc.option(fc.constantFrom(...(Object.keys(ASSET_FIELDS) as AssetField[]))),
          updated_at: fc.date({ min: new Date(0), max: new Date(1e12), noInvalidDate: true }),
        }),
      )
      .map((list) => [...new Map(list.map((one) => [headerKey(one.header), one])).values()])
      .map((list) =>
        list.map((one): LearnedMapping => ({
          ...one,
          source: 'generic',
          header_key: headerKey(one.header),
        })),
      );
    fc.assert(
      fc.property(fc.uniqueArray(header), lessons, (columns, learned) => {
        const found = withLearnedMappings(columns, suggestFieldMappings(columns, []), 'generic', learned);
        const confident = found.filter(({ confidence_score }) => confidence_score >= CONFIDENT_SCORE);
        const fields = confident.map(({ target_field }) => target_field);
        expect(new Set(found.map(({ source_field }) => source_field)).size).toBe(found.length);
        expect(new Set(fields).size).toBe(fields.length);
        for (const column of columns) {
          const lesson = learned.find(({ header_key }) => header_key === headerKey(column));
          const suggestion = found.find(({ source_field }) => source_field === column);
          if (!lesson) continue;
          if (lesson.target_field === null) expect(confident).not.toContain(suggestion);
          else {
            expect(suggestion).toMatchObject({ target_field: lesson.target_field, match_type: 'learned' });
            // A field that was learned for some column of the file is given to one that it was learned for.
            expect(confident.find(({ target_field }) => target_field === lesson.target_field)).toMatchObject({
              match_type: 'learned',
            });
          }
        }
      }),
    );
  });
});
