import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { WIRING_KEYS } from '../../src/database/wiring-keys';
import type { Tenant } from '../../src/tenancy/tenant';

/** Drops the wiring keys, as the rollback does, so that a test can break links. */
export async function dropWiringKeys(sql: Client): Promise<void> {
  for (const { name, table } of WIRING_KEYS) {
    await sql.query(`ALTER TABLE migration.${table} DROP CONSTRAINT IF EXISTS ${name}`);
  }
}

/** Writes rows of one tenant past the service, as somebody with psql does. */
export class TenantRows {
  constructor(
    private readonly sql: Client,
    readonly tenant: Tenant,
  ) {}

  flow(columns: object = {}): Promise<string> {
    return this.insert('discovery_flows', { flow_id: randomUUID(), flow_name: 'by hand', ...columns });
  }

  asset(columns: object = {}): Promise<string> {
    return this.insert('assets', { name: 'by hand', asset_type: 'server', ...columns });
  }

  record(columns: object = {}): Promise<string> {
    return this.insert('raw_import_records', {
      raw_data: '{"test": "data"}',
      is_processed: true,
      fate: 'created',
      ...columns,
    });
  }

  /** An asset and a record that name each other. */
  async pair(flow: string): Promise<{ asset: string; record: string }> {
    const [asset, record] = [randomUUID(), randomUUID()];
    await this.sql.query('BEGIN');
    await this.asset({
      id: asset,
      raw_import_records_id: record,
      discovery_flow_id: flow,
      discovery_method: 'flow_based',
    });
    await this.record({ id: record, asset_id: asset });
    await this.sql.query('COMMIT');
    return { asset, record };
  }

  private async insert(table: string, columns: object): Promise<string> {
    const row = { ...this.tenant, id: randomUUID(), ...columns };
    const names = Object.keys(row);
    await this.sql.query(
      `INSERT INTO migration.${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(row),
    );
    return row.id;
  }
}
