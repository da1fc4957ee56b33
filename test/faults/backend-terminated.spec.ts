import { expectToSurvive, IN_CHUNK_3 } from '../support/disturbed-run';
import { startTestService, type TestService } from '../support/test-service';

describe('3: the backend of a chunk is terminated', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it.each([
    ['in the middle of its rows', IN_CHUNK_3],
    [
      'when it commits',
      {
        event: 'AFTER UPDATE ON migration.discovery_runs',
        when: 'NEW.chunks_done = 3 AND OLD.chunks_done = 2',
        atCommit: true,
      },
    ],
  ])('%s: the chunk is done again, once, and the pool recovers', async (_, point) => {
    await expectToSurvive(service, point, async ({ client, stop, pid }) => {
      await service.sql.query('SELECT pg_terminate_backend($1, 10000)', [pid]);
      await stop.release();
      for (let i = 0; i < 12; i++) expect((await client.get('/data-imports')).status).toBe(200);
    });
  });

  it('and with it every other connection of the service, at once', async () => {
    await expectToSurvive(service, IN_CHUNK_3, async ({ stop }) => {
      await service.sql.query(
        `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name <> '' AND pid <> pg_backend_pid()`,
      );
      await stop.release();
    });
  });
});
