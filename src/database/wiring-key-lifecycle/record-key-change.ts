import type { WiringKey } from '../wiring-keys';

export type KeyChange = 'wiring_keys.dropped' | 'wiring_keys.added' | 'wiring_keys.validated';

/**
 * The statement that records a change of those of the keys that are there: before they are dropped, after they were
 * added. It waits for nobody and fails nothing, because whatever needs a rollback of the keys needs it more than its
 * record: a table that is missing, locked or not ours to write costs the record, which is said by a warning.
 */
export function recordKeyChange(action: KeyChange, keys: readonly Pick<WiringKey, 'name'>[]): string {
  const names = keys.map(({ name }) => `'${name}'`).join(', ');
  return `DO $$
BEGIN
  LOCK TABLE migration.schema_audit_events IN ROW EXCLUSIVE MODE NOWAIT;
  INSERT INTO migration.schema_audit_events (at, database_user, action, detail)
  SELECT clock_timestamp(), session_user, '${action}',
         jsonb_build_object('keys', jsonb_agg(conname ORDER BY conname), 'count', count(*))
    FROM pg_constraint
   WHERE contype = 'f' AND connamespace = 'migration'::regnamespace AND conname IN (${names})
  HAVING count(*) > 0;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'not recorded in migration.schema_audit_events: %', SQLERRM;
END $$`;
}
