import { DataSource } from 'typeorm';
import { startTestService, type TestService } from '../support/test-service';

/** Columns that no entity has: what the workers and the queries keep to themselves. */
const UNMAPPED: Record<string, string[]> = {
  discovery_runs: ['attempt', 'lease_owner', 'lease_expires_at', 'stalls'],
  link_repairs: ['due_at', 'run_hash'],
};

describe('the model', () => {
  let service: TestService;
  beforeAll(async () => (service = await startTestService()));
  afterAll(() => service.stop());

  it('has the columns that the database has, each of its type, as nullable as there', async () => {
    const { entityMetadatas, driver } = service.app.get(DataSource);
    expect(entityMetadatas.length).toBeGreaterThan(8);
    for (const { schema, tableName, columns } of entityMetadatas) {
      const { rows } = await service.sql.query<{ line: string; name: string }>(
        `SELECT a.attname AS name,
                format('%s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN '' ELSE ' null' END,
                       CASE WHEN a.attnum = ANY (k.conkey) THEN ' key' ELSE '' END) AS line
           FROM pg_attribute a
           LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p'
          WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`,
        [`${schema}.${tableName}`],
      );
      const known = rows.filter(({ name }) => !UNMAPPED[tableName]?.includes(name)).map(({ line }) => line);
      const model = columns.map((column) => {
        const type = driver.normalizeType(column).replace('timestamptz', 'timestamp with time zone');
        return `${column.databaseName} ${type}${column.isNullable ? ' null' : ''}${column.isPrimary ? ' key' : ''}`;
      });
      expect({ tableName, columns: model.sort() }).toEqual({ tableName, columns: known.sort() });
      // What is said to be missing in the model is there, and is missing in it.
      for (const name of UNMAPPED[tableName] ?? []) {
        expect(rows.map((row) => row.name)).toContain(name);
        expect(columns.map(({ databaseName }) => databaseName)).not.toContain(name);
      }
    }
  });
});
