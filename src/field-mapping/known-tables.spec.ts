import { loadSourceProfiles } from '../source-profiles/load-source-profiles';
import { ASSET_FIELDS } from './asset-fields';
import { CONFIDENT_SCORE } from './confident-score';
import { KNOWN_TABLES } from './known-tables.spec-helper';
import { recogniseSource } from './recognise-source';
import { suggestFieldMappings } from './suggest-field-mappings';

const PROFILES = loadSourceProfiles(null);

function readColumn(line: string): { header: string; field: string | null; cells: string[] } {
  const [head = '', cells = ''] = line.trim().split(' ::');
  const [header = '', field = null] = head.split(' -> ');
  return { header, field, cells: cells.split('|').map((cell) => cell.trim()) };
}

describe('suggestFieldMappings on tables of many tools', () => {
  it.each(KNOWN_TABLES)('$title', ({ source, columns: lines, optional = [] }) => {
    const columns = lines.trim().split('\n').map(readColumn);
    const headers = columns.map(({ header }) => header);
    const length = Math.max(...columns.map(({ cells }) => cells.length));
    const samples = Array.from({ length }, (_, row) =>
      Object.fromEntries(columns.map(({ header, cells }) => [header, cells[row] ?? ''])),
    );
    const profile = recogniseSource(headers, PROFILES);
    expect(profile?.source ?? 'generic').toBe(source);

    const confident = suggestFieldMappings(headers, samples, profile).filter(
      ({ confidence_score, target_field }) =>
        confidence_score >= CONFIDENT_SCORE && !optional.includes(target_field),
    );
    const found = Object.fromEntries(confident.map((one) => [one.target_field, one.source_field]));
    const meant = Object.fromEntries(
      columns.flatMap(({ header, field }) => (field ? [[field, header]] : [])),
    );
    for (const field of Object.keys(ASSET_FIELDS)) {
      expect([field, found[field]]).toEqual([field, meant[field]]);
    }
  });
});
