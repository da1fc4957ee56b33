import type { DataSource } from 'typeorm';
import { databaseErrorKind } from '../../database/database-error-kind';

/** Whether the server tells where its next write will go: some hosted ones do not, nor does one that replays another's. */
export async function tellsWalPosition(dataSource: DataSource): Promise<boolean> {
  try {
    await dataSource.query('SELECT pg_current_wal_insert_lsn()');
    return true;
  } catch (error) {
    const cause = (error as { driverError?: unknown }).driverError ?? error;
    if (databaseErrorKind(cause) === 'unavailable') throw error;
    return false;
  }
}
