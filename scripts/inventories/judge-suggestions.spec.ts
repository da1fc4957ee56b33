import type { SuggestedFieldMapping } from '../../src/field-mapping/suggested-field-mapping';
import type { Expectation } from './expectation';
import { judgeSuggestions, mistakesOf } from './judge-suggestions';

const expectation: Expectation = {
  fields: { name: ['VM'], operating_system: ['OS (tools)', 'OS (file)'] },
  optional: { fqdn: ['DNS Name'] },
  wrong: [['hostname', 'Host']],
};

const suggestion = (
  target_field: SuggestedFieldMapping['target_field'],
  source_field: string,
  confidence_score = 0.9,
): SuggestedFieldMapping => ({
  source_field,
  target_field,
  confidence_score,
  match_type: 'synonym',
  rule: '',
  evidence: [],
});

const marksOf = (suggestions: SuggestedFieldMapping[], against: Expectation | null = expectation) =>
  Object.fromEntries(
    judgeSuggestions(suggestions, against).flatMap(({ field, mark }) =>
      mark === '.' ? [] : [[field, mark]],
    ),
  );
const mistakes = (suggestions: SuggestedFieldMapping[]) =>
  mistakesOf(judgeSuggestions(suggestions, expectation), expectation);

const RIGHT = [suggestion('name', 'VM'), suggestion('operating_system', 'OS (file)')];

describe('suggestions held against what a person would map', () => {
  it('are right with one of the headers', () => {
    expect(marksOf(RIGHT)).toEqual({ name: '+', operating_system: '+' });
    expect(mistakes(RIGHT)).toEqual([]);
  });

  it('are missed where there is none, or only one without confidence', () => {
    expect(marksOf([suggestion('name', 'VM', 0.79)])).toEqual({ name: '-', operating_system: '-' });
    expect(mistakes([suggestion('name', 'VM', 0.79)])).toEqual([
      'missed name: expected "VM", found none (without confidence: "VM")',
      'missed operating_system: expected "OS (tools)" or "OS (file)", found none',
    ]);
  });

  it('are wrong with another header and for another field, be the right one there or not', () => {
    const suggestions = [...RIGHT, suggestion('name', 'Template'), suggestion('hostname', 'Host')];
    expect(marksOf(suggestions)).toEqual({ name: '!', operating_system: '+', hostname: '!' });
    expect(mistakes(suggestions)).toEqual([
      'wrong name: found "Template", expected "VM"',
      'wrong hostname: found "Host", a named mistake, expected none',
    ]);
  });

  it('may be there or not where that is as good', () => {
    expect(marksOf([...RIGHT, suggestion('fqdn', 'DNS Name')])).toMatchObject({ fqdn: 'o' });
    expect(mistakes([...RIGHT, suggestion('fqdn', 'DNS Name')])).toEqual([]);
  });

  it('are only shown where nobody has said what is right', () => {
    expect(marksOf(RIGHT, null)).toEqual({ name: '?', operating_system: '?' });
  });
});
