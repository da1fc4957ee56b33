import type { MigrationInterface } from 'typeorm';
import type { NeededLocks } from '../src/database/locking/table-locks';

/**
 * A migration that changes tables which a service may be using: the runner closes the writers' gate, takes these locks all
 * at once, and tries again later where they are not to be had soon. So it must be a matter of milliseconds: entries in the
 * catalogue, and no row that is read or written.
 */
export interface LockingMigration extends MigrationInterface {
  locks?: NeededLocks['locks'];
}
