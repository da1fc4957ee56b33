import type { QueryRunner } from 'typeorm';
import { WIRING_KEYS } from '../src/database/wiring-keys';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/** Keys beside the six wiring keys: they are never rolled back, since no link of an asset depends on them. */
export const OTHER_KEYS = [
  {
    name: 'fk_data_imports_master_flow',
    table: 'data_imports',
    references: 'crewai_flow_state_extensions',
    definition: `FOREIGN KEY (client_account_id, engagement_id, master_flow_id)
      REFERENCES migration.crewai_flow_state_extensions (client_account_id, engagement_id, flow_id)`,
  },
  {
    name: 'fk_discovery_flows_data_import',
    table: 'discovery_flows',
    references: 'data_imports',
    definition: `FOREIGN KEY (client_account_id, engagement_id, data_import_id)
      REFERENCES migration.data_imports (client_account_id, engagement_id, id)`,
  },
  {
    name: 'fk_import_field_mappings_data_import',
    table: 'import_field_mappings',
    references: 'data_imports',
    definition: `FOREIGN KEY (client_account_id, engagement_id, data_import_id)
      REFERENCES migration.data_imports (client_account_id, engagement_id, id)`,
  },
  {
    // The one master_flow_id that refers to the extension's id and not to its flow_id.
    name: 'fk_import_field_mappings_master_flow',
    table: 'import_field_mappings',
    references: 'crewai_flow_state_extensions',
    definition: `FOREIGN KEY (client_account_id, engagement_id, master_flow_id)
      REFERENCES migration.crewai_flow_state_extensions (client_account_id, engagement_id, id)`,
  },
  {
    name: 'fk_discovery_runs_discovery_flow',
    table: 'discovery_runs',
    references: 'discovery_flows',
    definition: `FOREIGN KEY (client_account_id, engagement_id, discovery_flow_id)
      REFERENCES migration.discovery_flows (client_account_id, engagement_id, id)`,
  },
  {
    name: 'fk_discovery_runs_data_import',
    table: 'discovery_runs',
    references: 'data_imports',
    definition: `FOREIGN KEY (client_account_id, engagement_id, data_import_id)
      REFERENCES migration.data_imports (client_account_id, engagement_id, id)`,
  },
  {
    name: 'fk_discovery_run_chunks_run',
    table: 'discovery_run_chunks',
    references: 'discovery_runs',
    definition: `FOREIGN KEY (client_account_id, engagement_id, run_id)
      REFERENCES migration.discovery_runs (client_account_id, engagement_id, id)`,
  },
] as const;

/** NOT VALID binds new rows at once without reading the old ones under a lock; the next migration validates. */
export class AddWiringKeys1764000200000 implements LockingMigration {
  name = 'AddWiringKeys1764000200000';
  locks = tableLocks(
    'ShareRowExclusiveLock',
    [...WIRING_KEYS, ...OTHER_KEYS].flatMap(({ table, references }) => [table, references]),
  );

  async up(runner: QueryRunner): Promise<void> {
    for (const { name, table, definition } of [...WIRING_KEYS, ...OTHER_KEYS]) {
      await runner.query(`ALTER TABLE migration.${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name, table } of [...OTHER_KEYS, ...WIRING_KEYS]) {
      // IF EXISTS: an operator may have rolled the wiring keys back before.
      await runner.query(`ALTER TABLE migration.${table} DROP CONSTRAINT IF EXISTS ${name}`);
    }
  }
}
