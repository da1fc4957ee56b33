import { ASSET_STATUSES, ASSET_TYPES, CRITICALITIES, ENVIRONMENTS } from './asset-words';
import { normaliseWord } from './normalise-word';
import { splitWords } from './split-words';
import { WORD_SYNONYMS } from './word-synonyms';

describe('normaliseWord', () => {
  it.each([
    ['environment', 'PROD', 'production'],
    ['environment', 'Prd', 'production'],
    ['environment', 'Produktion', 'production'],
    ['environment', 'Pre-Prod', 'staging'],
    ['environment', 'QA', 'testing'],
    ['environment', 'DEV', 'development'],
    ['environment', 'DR', 'disaster_recovery'],
    ['environment', 'Library', null],
    ['environment', 'Dev/Test', null],
    ['asset_type', 'Virtual Machine', 'virtual_machine'],
    ['asset_type', 'VM', 'virtual_machine'],
    ['asset_type', 'CoreSwitch', 'network'],
    ['asset_type', 'Firewall', 'network'],
    ['asset_type', 'Application Server', 'server'],
    ['asset_type', 'Database Server', 'server'],
    ['asset_type', 'Oracle Database', 'database'],
    ['asset_type', 'F5 Load Balancer', 'load_balancer'],
    ['asset_type', 'C__OBJTYPE__SERVER', 'server'],
    ['asset_type', 'Virtueller Server', 'virtual_machine'],
    ['asset_type', 'Netzwerkgerät', 'network'],
    ['asset_type', "Serveur d'applications", 'server'],
    ['asset_type', 'Máquina virtual', 'virtual_machine'],
    ['asset_type', 'Servidor virtual', 'virtual_machine'],
    ['asset_type', 'Macbook Pro', null],
    ['environment', 'Préproduction', 'staging'],
    ['environment', 'Producción', 'production'],
    ['environment', 'Recette', 'testing'],
    ['criticality', 'Élevée', 'high'],
    ['status', 'Migrated', 'migrated'],
    ['status', 'geplant', 'planned'],
    ['status', 'Active', null],
    ['status', 'poweredOn', null],
    ['status', 'not migrated', null],
    ['criticality', 'Mission-Critical', 'critical'],
    ['criticality', '1 - most critical', 'critical'],
    ['criticality', 'Hoch', 'high'],
    ['criticality', 'not critical', 'low'],
    ['criticality', 'P1', null],
  ] as const)('reads %s %j as %s', (field, text, word) => {
    expect(normaliseWord(field, text)).toBe(word);
  });

  it.each([
    ['asset_type', ASSET_TYPES],
    ['status', ASSET_STATUSES],
    ['environment', ENVIRONMENTS],
    ['criticality', CRITICALITIES],
  ] as const)('leaves every word of %s as it is', (field, words) => {
    expect(words.map((word) => normaliseWord(field, word))).toEqual(words);
  });

  it('gives no spelling two meanings', () => {
    for (const words of Object.values(WORD_SYNONYMS)) {
      const spellings = Object.entries(words)
        .flat(2)
        .map((spelling) => splitWords(spelling).join(''));
      expect(spellings).toHaveLength(new Set(spellings).size);
    }
  });
});
