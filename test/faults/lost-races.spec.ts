import { Client } from 'pg';
import { expectToSurvive, IN_CHUNK_3 } from '../support/disturbed-run';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

describe('7: a chunk loses a race', () => {
  let service: TestService;
  let rival: Client;
  let rivalPid: number;
  beforeAll(async () => {
    service = await startTestService();
    rival = new Client({ connectionString: service.databaseUrl });
    await rival.connect();
    rivalPid = (await rival.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
  });
  afterAll(async () => {
    await rival.end();
    await service.stop();
  });

  const waits = (pid: number) =>
    waitFor(`backend ${pid} to wait for the rival`, async () => {
      const { rows } = await service.sql.query('SELECT $2 = ANY (pg_blocking_pids($1)) AS waits', [
        pid,
        rivalPid,
      ]);
      return rows[0].waits === true;
    });

  it('40P01: of two that lock in opposite order the chunk is the victim, and is done again', async () => {
    await expectToSurvive(service, IN_CHUNK_3, async ({ runId, stop, pid }) => {
      // The rival would wait for an hour before it looked for a deadlock; the chunk looks after a second and loses.
      await rival.query(`BEGIN; SET LOCAL deadlock_timeout = '1h'`);
      await rival.query('SELECT FROM migration.discovery_runs WHERE id = $1 FOR UPDATE', [runId]);
      await stop.release();
      await waits(pid);
      const locked = await rival.query(
        `SELECT FROM migration.raw_import_records r JOIN migration.discovery_runs d ON d.data_import_id = r.data_import_id
          WHERE d.id = $1 AND r.row_number = 26 FOR UPDATE OF r`,
        [runId],
      );
      expect(locked.rowCount).toBe(1);
      await rival.query('COMMIT');
    });
  });

  it('40001: where a DBA has made transactions repeatable, what changed meanwhile makes the chunk begin anew', async () => {
    const { rows } = await service.sql.query('SELECT current_database() AS name');
    await service.sql.query(
      `ALTER DATABASE ${rows[0].name} SET default_transaction_isolation = 'repeatable read'`,
    );
    await dropConnections();
    await expectToSurvive(service, IN_CHUNK_3, async ({ client, stop }) => {
      // The chunk's snapshot is older than this, and it is about to write the same row.
      const touched = await rival.query(
        `UPDATE migration.data_imports SET import_type = import_type WHERE client_account_id = $1`,
        [client.tenant.client_account_id],
      );
      expect(touched.rowCount).toBe(1);
      await stop.release();
    });
  });

  /** The service's next ones begin with what the database is set to by then. */
  async function dropConnections(): Promise<void> {
    await service.sql.query(
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'discovery-wiring'`,
    );
  }
});
