import { randomUUID } from 'node:crypto';
import type { Answer, ApiClient } from '../support/api-client';
import { type CommitCuttingProxy, startCommitCuttingProxy } from '../support/commit-cutting-proxy';
import { countLinks } from '../support/fault';
import { importAndFlow, recordsOf, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { expectReplay, postWithKey } from '../support/with-key';

const ROWS = 30;
/** In the second of three chunks, which also has an item that is skipped. */
const MARK = 'srv-15';
const SKIPPED = 12;

describe('a given list whose COMMIT is lost in the middle', () => {
  let service: TestService;
  let proxy: CommitCuttingProxy;
  let client: ApiClient;
  let path: string;
  let body: object;
  /** Every attempt of the second chunk sends it, also one that finds everything written. */
  let markOfRecord: string;

  beforeAll(async () => {
    service = await startTestService({ ASSET_BATCH_CHUNK_SIZE: '10' }, async (url) => {
      proxy = await startCommitCuttingProxy(url);
      return proxy.url;
    });
  });
  beforeEach(async () => {
    client = service.newClient();
    const { flowId, importId } = await importAndFlow(client, serversCsv(ROWS));
    const records = await recordsOf(client, importId);
    markOfRecord = records[16]!.id;
    path = `/discovery-flows/${flowId}/assets`;
    const item = (i: number) => ({
      name: `srv-${i}`,
      asset_type: 'server',
      // Every third one is of no record.
      ...(i % 3 > 0 && { raw_import_record_id: records[i]!.id }),
      ...(i === SKIPPED && { raw_import_record_id: randomUUID() }),
    });
    body = { discovered_assets: Array.from({ length: ROWS }, (_, i) => item(i)) };
  });
  afterEach(() => {
    proxy.mend();
  });
  afterAll(async () => {
    await service.stop();
    await proxy.close();
  });

  const namesOf = async () =>
    (
      await service.sql.query<{ name: string }>(
        'SELECT name FROM migration.assets WHERE client_account_id = $1',
        [client.tenant.client_account_id],
      )
    ).rows.map(({ name }) => name);
  const allNames = () => Array.from({ length: ROWS }, (_, i) => `srv-${i}`).filter((_, i) => i !== SKIPPED);
  const expectWhole = async () => {
    expect((await namesOf()).sort()).toEqual(allNames().sort());
    expect(await countLinks(service.sql, client.tenant.client_account_id)).toEqual({
      assets: ROWS - 1,
      pairs: 20,
      pointing_assets: 20,
      pointing_records: 20,
    });
    expect((await client.get('/health/wiring?refresh=true')).body.metrics.asymmetric_links).toBe(0);
  };
  const WHOLE = {
    total_created: ROWS - 1,
    total_linked: 20,
    total_skipped: 1,
    chunks: [
      { chunk: 1, created: 10, linked: 6, skipped: 0, status: 'committed' },
      { chunk: 2, created: 9, linked: 7, skipped: 1, status: 'committed' },
      { chunk: 3, created: 10, linked: 7, skipped: 0, status: 'committed' },
    ],
    items: [{ index: SKIPPED, code: 'raw_record_not_found', message: expect.any(String) }],
  };
  /** A statement of the service that waits for another transaction's end. */
  const waitsForTransaction = () =>
    waitFor('the next attempt to wait for the first', async () => {
      const { rowCount } = await service.sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'`,
      );
      return rowCount === 1;
    });

  const sendWithLateCommit = async (send: () => Promise<Answer>) => {
    proxy.loseCommitAfter(MARK, 'late');
    const answer = send();
    await waitFor('the loss', () => proxy.hasLost());
    await waitsForTransaction();
    proxy.deliver();
    return answer;
  };

  describe.each([
    ['without a key', null],
    ['with a key', 'key'],
  ])('%s', (_what, key) => {
    const send = () => (key === null ? client.post(path, body) : postWithKey(client, key, path, body));

    it.each(['answer', 'request'] as const)(
      'is written once and answered as if nothing had been, when the %s is lost',
      async (lost) => {
        proxy.loseCommitAfter(MARK, lost);
        const answer = await send();
        expect(proxy.hasLost()).toBe(true);
        expect([answer.status, answer.body]).toEqual([201, WHOLE]);
        await expectWhole();
        if (key !== null) expectReplay(await send(), answer);
      },
    );

    it('is written once when the COMMIT arrives while the next attempt is under way', async () => {
      const answer = await sendWithLateCommit(send);
      expect([answer.status, answer.body]).toEqual([201, WHOLE]);
      await expectWhole();
    });

    it('is written once when nothing but its ids tells that it was', async () => {
      body = {
        discovered_assets: Array.from({ length: ROWS }, (_, i) => ({
          name: `srv-${i}`,
          asset_type: 'server',
        })),
      };
      const { status, body: answer } = await sendWithLateCommit(send);
      expect([status, answer.total_created]).toEqual([201, ROWS]);
      expect((await namesOf()).sort()).toEqual(Array.from({ length: ROWS }, (_, i) => `srv-${i}`).sort());
    });
  });

  it('is gone on with by the next request of its key, when the connection is lost again and again', async () => {
    const send = () => postWithKey(client, 'key', path, body);
    proxy.loseCommitAfter(markOfRecord, 'answer', { always: true });
    const answer = await send();
    expectProblem(answer, 503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await namesOf()).toHaveLength(19);
    proxy.mend();
    const next = await send();
    expect([next.status, next.body]).toEqual([201, WHOLE]);
    await expectWhole();
    expectReplay(await send(), next);
  });

  it('does not say that nothing was written where nobody knows', async () => {
    proxy.loseCommitAfter(markOfRecord, 'answer', { always: true });
    const { status, body: answer } = await client.post(path, body);
    expect([status, answer.total_created]).toEqual([201, 10]);
    expect(answer.chunks.map((chunk: { status: string }) => chunk.status)).toEqual([
      'committed',
      'failed',
      'not_attempted',
    ]);
    expect(answer.chunks[1].error).toMatch(/not known/);
  });
});
