import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions';
import { MIGRATIONS } from '../../migrations/all-migrations';

/** Name of TypeORM's own history table, in the schema `migration`. */
export const HISTORY_TABLE = 'typeorm_migrations';

/**
 * The one set of data-source options: app, command lines and tests differ in nothing but the URL, the entities
 * that they know, the number of connections and what these may do.
 */
export function dataSourceOptions(
  url: string,
  {
    entities = [],
    poolSize,
    role,
  }: {
    entities?: EntityTarget<ObjectLiteral>[];
    poolSize: number;
    /** What each connection becomes before its first statement; by default it stays whom the URL names. */
    role?: string;
  },
): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url,
    schema: 'migration',
    applicationName: 'discovery-wiring',
    entities: entities as PostgresDataSourceOptions['entities'],
    migrations: [...MIGRATIONS],
    migrationsTableName: HISTORY_TABLE,
    // CREATE INDEX CONCURRENTLY must stand outside a transaction, which only 'each' permits.
    migrationsTransactionMode: 'each',
    // TypeORM would create uuid-ossp; ids are made by the application.
    installExtensions: false,
    synchronize: false,
    logging: false,
    poolSize,
    extra: {
      // An exhausted pool is an answer (503), not a queue without end.
      connectionTimeoutMillis: 3_000,
      statement_timeout: 30_000,
      // Who waits for a lock holds a connection that others need; the wait is over before the statement's time is.
      lock_timeout: 15_000,
      // The server's own limits end a slow statement. This one ends the wait for a server that has fallen silent.
      query_timeout: 35_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      // Statements are short and look up many keys: compiling them costs more than they do.
      options: ['-c jit=off', ...(role ? [`-c role=${role}`] : [])].join(' '),
    },
  };
}
