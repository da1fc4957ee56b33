import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const dataDir = mkdtempSync(join(tmpdir(), 'discovery-wiring-full-'));
const uploads = join(dataDir, 'uploads');

/** A file system of 1 MB of its own, where this user may mount one. */
const canMount = (() => {
  try {
    mkdirSync(uploads);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', uploads], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('9: the disk that uploads are spooled to is full', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await service.stop();
    if (canMount) execFileSync('umount', [uploads]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  (canMount ? it : it.skip)(
    '503 that says so, nothing is left, smaller files go on (needs mount)',
    async () => {
      const client = service.newClient();
      const refused = await client.upload('large.csv', serversCsv(50_000));
      expectProblem(refused, 503);
      expect(refused.body.detail).toMatch(/no room/);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await client.get('/data-imports')).body.pagination.total).toBe(0);
      expect((await client.upload('small.csv', serversCsv(100))).status).toBe(201);
    },
  );
});
