import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { ProgressEvents } from '../../src/progress-events/progress-events.service';
import { ApiClient } from '../support/api-client';
import { EventStream, type ServerEvent } from '../support/event-stream';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { sendRaw } from '../support/raw-http';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

const MAX_STREAMS = 100;
const PER_TENANT = 50;

describe('the events of a run', () => {
  let service: TestService;
  let proxy: TcpProxy;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({}, async (url) => {
      proxy = await startTcpProxy(url);
      return proxy.url;
    });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterEach(async () => {
    for (const stream of open) stream.close();
    open = [];
    await Promise.all(lockers.map((locker) => locker.end()));
    lockers = [];
    await nobodyWatches();
  });
  afterAll(async () => {
    await service.stop();
    await proxy.close();
  });

  let open: { close(): void }[] = [];
  function openSocket(): Socket {
    const { hostname, port } = new URL(service.origin);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    open.push({ close: () => socket.destroy() });
    return socket;
  }
  async function watch(
    path: string,
    headers: Record<string, string> = {},
    as = client,
  ): Promise<EventStream> {
    const stream = await EventStream.open(as, path, headers);
    open.push(stream);
    return stream;
  }
  const watchers = () => service.app.get(ProgressEvents).watchers;
  const nobodyWatches = () => waitFor('every watcher to be gone', () => watchers() === 0);

  /** Connections that hold locks: a test that fails must not hold up the next one. */
  let lockers: Client[] = [];
  async function lock(sql: string) {
    const locker = new Client({ connectionString: service.databaseUrl });
    await locker.connect();
    lockers.push(locker);
    await locker.query(`BEGIN; ${sql}`);
    return { release: () => locker.query('COMMIT') };
  }
  const hangingLookUps = async () => {
    const { rows } = await service.sql.query<{ hanging: number }>(
      `SELECT count(DISTINCT l.pid)::int AS hanging FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE NOT l.granted AND a.datname = current_database() AND a.query LIKE 'SELECT%DiscoveryRun%'`,
    );
    return rows[0]!.hanging;
  };
  const connections = () =>
    promisify((done: (error: Error | null, count: number) => void) =>
      service.app.getHttpServer().getConnections(done),
    )();

  /** A run that does not move by itself: a test moves it by SQL. */
  async function stillRun(rows = 30) {
    const { flowId } = await importAndFlow(client, serversCsv(rows));
    const held = await lock('LOCK TABLE migration.assets IN SHARE MODE');
    const { body } = await client.post(`/discovery-flows/${flowId}/runs`);
    // Its worker loses the lease, and so writes nothing more.
    await change(body.id, `status = 'paused', attempt = attempt + 1, lease_owner = NULL`);
    await held.release();
    return { id: body.id as string, path: `/discovery-flows/${flowId}/runs/${body.id}`, flowId };
  }
  const change = (id: string, set: string) =>
    service.sql.query(
      `UPDATE migration.discovery_runs SET ${set}, updated_at = clock_timestamp() WHERE id = $1`,
      [id],
    );
  const endRun = (id: string) =>
    change(id, `status = 'completed', created = total_records, linked = total_records, pending = 0`);
  const msOf = ({ id }: ServerEvent) => Number(id.split('-')[0]);

  it('add up at every moment, move on only, and end with the run as GET answers it', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(3000));
    const { body } = await client.post(`/discovery-flows/${flowId}/runs`, { chunk_size: 10 });
    const path = `/discovery-flows/${flowId}/runs/${body.id}`;
    const stream = await (await watch(`${path}/events`)).ended();
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    expect(stream.text).toMatch(/^retry: 2000\n\n/);
    const { events } = stream;
    expect(events.length).toBeGreaterThan(2);
    let before = { ms: 0, pending: Infinity };
    for (const event of events) {
      const { data } = event;
      expect(data.total_records).toBe(
        data.created + data.duplicates + data.conflicts + data.rejected + data.pending,
      );
      expect(msOf(event)).toBeGreaterThanOrEqual(before.ms);
      expect(data.pending).toBeLessThanOrEqual(before.pending);
      before = { ms: msOf(event), pending: data.pending };
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.map(({ event }) => event)).toEqual([...events.slice(1).map(() => 'progress'), 'end']);
    expect(events.at(-1)!.data).toEqual((await client.get(path)).body);
    expect(events.at(-1)!.data).toMatchObject({ status: 'completed', pending: 0, seconds_left: 0 });
  });

  it('say the rate and the time left, as GET does', async () => {
    const run = await stillRun();
    await change(run.id, `status = 'paused', active_ms = 2000, created = 10, linked = 10, pending = 20`);
    const stream = await watch(`${run.path}/events`);
    await waitFor('its state', () => stream.events.length === 1);
    expect(stream.events[0]!.data).toMatchObject({ rows_per_second: 5, seconds_left: 4, active_ms: 2000 });
    expect(stream.events[0]!.data).toEqual((await client.get(run.path)).body);
    await endRun(run.id);
    await stream.ended();
  });

  it('come at once and then after each change; a paused run stays open', async () => {
    const run = await stillRun();
    const stream = await watch(`${run.path}/events`);
    await waitFor('the first state', () => stream.events.length === 1);
    expect(stream.events[0]!.data.status).toBe('paused');
    await change(run.id, `created = 10, linked = 10, pending = 20`);
    await waitFor('the second', () => stream.events.length === 2);
    await service.sql.query(`UPDATE migration.discovery_runs SET requested = 'cancel' WHERE id = $1`, [
      run.id,
    ]);
    // A change that left the time of the row alone is one too, with an id of its own.
    await waitFor('the third', () => stream.events.length === 3);
    expect(stream.events[2]!.data.requested).toBe('cancel');
    expect(stream.hasEnded).toBe(false);
    await change(run.id, `status = 'cancelled'`);
    await stream.ended();
    expect(stream.events.map(({ event }) => event)).toEqual(['progress', 'progress', 'progress', 'end']);
    expect(new Set(stream.events.map(({ id }) => id)).size).toBe(4);
  });

  it.each(['completed', 'completed_with_errors', 'failed', 'cancelled'])(
    'of a run that is %s are its end, and 204 for whoever has that',
    async (status) => {
      const run = await stillRun();
      await change(run.id, `status = '${status}'`);
      const { events } = await (await watch(`${run.path}/events`)).ended();
      expect(events).toMatchObject([{ event: 'end', data: { status } }]);
      const again = await client.get(`${run.path}/events`, { 'last-event-id': events[0]!.id });
      expect([again.status, again.text]).toEqual([204, '']);
      const other = await (
        await watch(`${run.path}/events`, { 'last-event-id': `${events[0]!.id}0` })
      ).ended();
      expect(other.events).toEqual(events);
    },
  );

  it('leave out the state that Last-Event-ID says the client has', async () => {
    const run = await stillRun();
    const first = await watch(`${run.path}/events`);
    await waitFor('the first state', () => first.events.length === 1);
    first.close();
    const again = await watch(`${run.path}/events`, { 'last-event-id': first.events[0]!.id });
    await change(run.id, `created = 1, linked = 1, pending = pending - 1`);
    await waitFor('a state', () => again.events.length > 0);
    expect(again.events[0]!.data.created).toBe(1);
    const lost = await watch(`${run.path}/events`, { 'last-event-id': first.events[0]!.id });
    await waitFor('the state that was missed', () => lost.events.length > 0);
    expect(lost.events[0]).toEqual(again.events[0]);
  });

  it('are nobody else’s, not another engagement’s of the same client either', async () => {
    const run = await stillRun();
    const { body } = await client.post('/discovery-flows', { flow_name: 'another' });
    const strangers = [
      service.newClient(),
      new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() }),
    ];
    for (const stranger of strangers) expectProblem(await stranger.get(`${run.path}/events`), 404);
    expectProblem(await client.get(`/discovery-flows/${body.flow_id}/runs/${run.id}/events`), 404);
    expect(watchers()).toBe(0);
  });

  it('of two engagements of one client stay apart', async () => {
    const first = await stillRun();
    const one = client;
    client = new ApiClient(service.origin, { ...one.tenant, engagement_id: randomUUID() });
    const second = await stillRun();
    const streams = [await watch(`${first.path}/events`, {}, one), await watch(`${second.path}/events`)];
    await change(first.id, `created = 1, linked = 1, pending = pending - 1`);
    await endRun(second.id);
    await streams[1]!.ended();
    await waitFor('the other', () => streams[0]!.events.length === 2);
    expect(streams[0]!.events.map(({ data }) => [data.id, data.engagement_id])).toEqual(
      Array(2).fill([first.id, one.tenant.engagement_id]),
    );
    expect(streams[1]!.events.every(({ data }) => data.id === second.id)).toBe(true);
    expect(streams[0]!.hasEnded).toBe(false);
  });

  it('are interrupted by heartbeats while nothing happens', async () => {
    const { pace } = service.app.get(ProgressEvents);
    expect(pace.heartbeatMs).toBe(15_000);
    const run = await stillRun();
    pace.heartbeatMs = 50;
    const stream = await watch(`${run.path}/events`).finally(() => (pace.heartbeatMs = 15_000));
    await waitFor('three heartbeats', () => stream.heartbeats >= 3);
    expect(stream.events).toHaveLength(1);
  });

  it('outlast an outage of the database, heartbeats included', async () => {
    const { pace } = service.app.get(ProgressEvents);
    const run = await stillRun();
    pace.heartbeatMs = 50;
    const stream = await watch(`${run.path}/events`).finally(() => (pace.heartbeatMs = 15_000));
    await waitFor('the first state', () => stream.events.length === 1);
    proxy.cut();
    await waitFor('the outage', async () => (await client.get(run.path)).status === 503);
    const before = stream.heartbeats;
    await waitFor('heartbeats in the outage', () => stream.heartbeats > before + 20);
    await endRun(run.id);
    expect(stream.events).toHaveLength(1);
    proxy.mend();
    await stream.ended();
    expect(stream.events.map(({ event }) => event)).toEqual(['progress', 'end']);
    await waitFor('the service', async () => (await client.get('/health/ready')).status === 200);
  });

  it('go on while look-ups hang, and the hanging ones leave the pool to others', async () => {
    const { pace } = service.app.get(ProgressEvents);
    const run = await stillRun();
    pace.heartbeatMs = 50;
    const streams = await Promise.all(Array.from({ length: 20 }, () => watch(`${run.path}/events`))).finally(
      () => (pace.heartbeatMs = 15_000),
    );
    const runs = await lock('LOCK TABLE migration.discovery_runs IN ACCESS EXCLUSIVE MODE');
    await waitFor('the look-ups to hang', async () => (await hangingLookUps()) === 2);
    const before = streams.map(({ heartbeats }) => heartbeats);
    await waitFor('every stream’s heartbeats', () => streams.every((s, i) => s.heartbeats > before[i]! + 20));
    expect((await client.get('/data-imports')).status).toBe(200);
    expect(await hangingLookUps()).toBe(2);
    await runs.release();
    await endRun(run.id);
    await Promise.all(streams.map((stream) => stream.ended()));
  });

  it('end for whoever leaves, however abruptly, and leave nothing behind', async () => {
    const run = await stillRun();
    const get = (method = 'GET') =>
      `${method} /api/v1${run.path}/events HTTP/1.1\r\nHost: x\r\n` +
      `X-Client-Account-Id: ${client.tenant.client_account_id}\r\nX-Engagement-Id: ${client.tenant.engagement_id}\r\n\r\n`;
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const timersBefore = timers();
    const sockets = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = openSocket();
        socket.write(get());
        await once(socket, 'data');
        return socket;
      }),
    );
    expect(watchers()).toBe(50);
    // Each has a timer for its look-ups, or one of them under way, and one for its heartbeats.
    expect(timers()).toBeGreaterThan(timersBefore + 50);
    for (const socket of sockets) socket.resetAndDestroy();
    await nobodyWatches();
    await waitFor('their timers to be gone', () => timers() < timersBefore + 25);

    // One that is gone before its answer begins. Look-ups of the others may be under way still.
    await waitFor('a quiet database', async () => {
      const { rowCount } = await service.sql.query(
        `SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'discovery-wiring' AND state <> 'idle'`,
      );
      return rowCount === 0;
    });
    const runs = await lock('LOCK TABLE migration.discovery_runs IN ACCESS EXCLUSIVE MODE');
    const early = openSocket();
    early.write(get());
    await waitFor('its look-up', async () => (await hangingLookUps()) === 1);
    const before = await connections();
    early.resetAndDestroy();
    await waitFor('its end', async () => (await connections()) < before);
    await runs.release();
    await waitFor('the look-up', async () => (await client.get(run.path)).status === 200);
    await nobodyWatches();

    // And one that asks for the head alone.
    const head = await sendRaw(
      service.origin,
      get('HEAD').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
    );
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).toMatch(/content-type: text\/event-stream; charset=utf-8/i);
    expect(head).not.toContain('retry:');
    await nobodyWatches();
  });

  it(`go to ${PER_TENANT} clients of a tenant, ${MAX_STREAMS} in all, and to the next one when one leaves`, async () => {
    const watchAll = async () => {
      const { path, id } = await stillRun();
      const streams = await Promise.all(
        Array.from({ length: PER_TENANT + 5 }, () => watch(`${path}/events`)),
      );
      return { path, id, streams, statuses: streams.map(({ status }) => status).sort() };
    };
    const expectRefused = async (path: string, status: number) => {
      const answer = await client.get(`${path}/events`);
      expectProblem(answer, status);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await client.get(path)).status).toBe(200);
    };
    const first = await watchAll();
    expect(first.statuses).toEqual([...Array<number>(PER_TENANT).fill(200), ...Array<number>(5).fill(429)]);
    await expectRefused(first.path, 429);
    client = service.newClient();
    const second = await watchAll();
    expect(second.statuses).toEqual([...Array<number>(PER_TENANT).fill(200), ...Array<number>(5).fill(503)]);
    await expectRefused(second.path, 503);
    second.streams.find(({ status }) => status === 200)!.close();
    await waitFor('a place', () => watchers() === MAX_STREAMS - 1);
    expect((await watch(`${second.path}/events`)).status).toBe(200);
    await endRun(first.id);
    await endRun(second.id);
  });

  it('end when the service goes down, which they do not hold up', async () => {
    const other = await startTestService();
    const others = other.newClient();
    const { flowId } = await importAndFlow(others, serversCsv(30));
    const { body } = await runToEnd(others, flowId);
    await other.sql.query(`UPDATE migration.discovery_runs SET status = 'paused'`);
    const path = `/discovery-flows/${flowId}/runs/${body.id}/events`;
    const streams = await Promise.all(Array.from({ length: 5 }, () => watch(path, {}, others)));
    await waitFor('the first state', () => streams.every(({ events }) => events.length === 1));
    const asked = performance.now();
    await other.stop();
    expect(performance.now() - asked).toBeLessThan(5_000);
    await Promise.all(streams.map((stream) => stream.ended()));
    expect(streams.every(({ events }) => events.every(({ event }) => event === 'progress'))).toBe(true);
  });
});

describe('the runs of a flow', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it('are listed, newest first, each as GET answers it', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(5));
    const { flowId: another } = await importAndFlow(client, serversCsv(5));
    const first = await runToEnd(client, flowId);
    const second = await runToEnd(client, flowId);
    await runToEnd(client, another);
    const { body } = await client.get(`/discovery-flows/${flowId}/runs`);
    expect(body).toMatchObject({ pagination: { page: 1, total: 2 }, data: [second.body, first.body] });
    expect(body.data[1]).toEqual(first.body);
    const page = await client.get(`/discovery-flows/${flowId}/runs?page=2&page_size=1`);
    expect(page.body.data).toEqual([first.body]);
  });
});
