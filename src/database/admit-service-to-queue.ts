import type { Client } from 'pg';
import { SERVICE_ROLE } from './roles';

/**
 * The queue's tables admit nobody but their owner. The service is given what its workers do; jobs hold ids alone. Done
 * after each migration, since a newer queue may have brought a table.
 */
export async function admitServiceToQueue(client: Client): Promise<void> {
  await client.query(`
    DO $$
    DECLARE
      secured regclass;
    BEGIN
      GRANT USAGE ON SCHEMA graphile_worker TO ${SERVICE_ROLE};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO ${SERVICE_ROLE};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${SERVICE_ROLE};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO ${SERVICE_ROLE};
      FOR secured IN
        SELECT c.oid
          FROM pg_class c
         WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relrowsecurity
           AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
      LOOP
        EXECUTE format('CREATE POLICY workers ON %s TO ${SERVICE_ROLE} USING (true)', secured);
      END LOOP;
    END
    $$`);
}
