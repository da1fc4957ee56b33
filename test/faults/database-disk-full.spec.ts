import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, newTenant } from '../support/api-client';
import { expectSound, expectUndisturbed } from '../support/end-state';
import { importAndFlow, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

/** A disk of its own that is small enough to be filled; only root may mount one, and not in every container. */
function mountSmallDisk(): { path: string; unmount: () => void } | null {
  const path = mkdtempSync(join(tmpdir(), 'discovery-wiring-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=0777', 'none', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
  chmodSync(path, 0o777);
  return {
    path,
    unmount: () => {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}

const RUN = { csv: serversCsv(4000), options: { chunk_size: 200 } };

describe('9: the disk of the database is full', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startTestService();
  });
  afterEach(() => service.stop());

  const become = (client: ApiClient, path: string, status: string) =>
    waitFor(`the run to be ${status}`, async () => {
      const answer = await client.get(path);
      return answer.body.status === status && answer;
    });

  const disk = process.env.TEST_DATABASE_URL ? null : mountSmallDisk();
  (disk ? it : it.skip)('the run pauses, says why, and goes on when there is room (needs root)', async () => {
    const { path, unmount } = disk!;
    const { sql } = service;
    try {
      // The server's account has to own the place of a tablespace.
      const { rows } = await sql.query<{ dir: string }>('SHOW data_directory');
      const dir = (rows[0] as unknown as { data_directory: string }).data_directory;
      execFileSync('chown', [`--reference=${dir}`, path]);
      await sql.query(`CREATE TABLESPACE small_disk LOCATION '${path}'`);
      await sql.query('ALTER TABLE migration.assets SET TABLESPACE small_disk');
      await sql.query('CREATE TABLE public.ballast (content text) TABLESPACE small_disk');
      await sql.query(`ALTER TABLE public.ballast ALTER content SET STORAGE external`);
      await sql.query(`INSERT INTO public.ballast SELECT repeat('x', 8000) FROM generate_series(1, 400)`);

      const client = new ApiClient(service.origin, newTenant());
      const { flowId } = await importAndFlow(client, RUN.csv);
      const { id } = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
      const run = `/discovery-flows/${flowId}/runs/${String(id)}`;
      const paused = await become(client, run, 'paused');
      expect(paused.body.error).toMatch(/disk.*full.*53100/);
      expect(paused.body).toMatchObject({ chunks_failed: 0, rejected: 0, finished_at: null });
      expect(paused.body.pending).toBeGreaterThan(0);
      expect((await client.get('/health/ready')).status).toBe(200);

      // Its time comes, and there is still no room: it pauses again and has lost nothing.
      await sql.query(
        `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 s' WHERE id = $1`,
        [id],
      );
      await waitFor('another try', async () => {
        const { rows: tries } = await sql.query<{ stalls: number }>(
          `SELECT stalls FROM migration.discovery_runs WHERE id = $1 AND status = 'paused' AND attempt > 1`,
          [id],
        );
        return tries.length > 0;
      });

      await sql.query('DROP TABLE public.ballast');
      // By itself when its time has come, or as soon as somebody says so.
      expect((await client.post(`${run}/resume`)).status).toBe(202);
      const ended = await become(client, run, 'completed');
      expect(ended.body).toMatchObject({ created: 4000, pending: 0, chunks_done: 20, error: null });
      await expectSound(sql, client);
      await sql.query('ALTER TABLE migration.assets SET TABLESPACE pg_default');
      await expectUndisturbed(sql, client, new ApiClient(service.origin, newTenant()), RUN);
    } finally {
      await sql.query('ALTER TABLE migration.assets SET TABLESPACE pg_default');
      await sql.query('DROP TABLE IF EXISTS public.ballast');
      await sql.query('DROP TABLESPACE small_disk');
      unmount();
    }
  });

  it('goes on by itself when its time has come', async () => {
    const { sql } = service;
    const client = new ApiClient(service.origin, newTenant());
    const { flowId } = await importAndFlow(client, serversCsv(30));
    await sql.query(`
      CREATE FUNCTION migration.no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON migration.assets
        FOR EACH ROW WHEN (NEW.name = 'web-15') EXECUTE FUNCTION migration.no_room()`);
    const { id } = (await client.post(`/discovery-flows/${flowId}/runs`, { chunk_size: 10 })).body;
    const run = `/discovery-flows/${flowId}/runs/${String(id)}`;
    const paused = await become(client, run, 'paused');
    expect(paused.body).toMatchObject({ created: 10, pending: 20, rejected: 0, requested: null });
    expect((await client.get(`/discovery-flows/${flowId}`)).body).toMatchObject({
      status: 'paused',
      error_message: expect.stringContaining('disk'),
    });
    await sql.query('DROP TRIGGER no_room ON migration.assets');
    await sql.query(
      `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 s' WHERE id = $1`,
      [id],
    );
    expect((await become(client, run, 'completed')).body).toMatchObject({ created: 30, error: null });
    expect((await client.get(`/discovery-flows/${flowId}`)).body).toMatchObject({
      status: 'completed',
      error_message: null,
    });
  });
});
