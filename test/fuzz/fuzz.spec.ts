import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { fingerprint } from '../support/end-state';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { peakMemory } from '../support/process-facts';
import type { ServiceProcess } from '../support/service-process';
import { type Operation, readOperations } from './api-operations';
import { faultOf } from './check-answer';
import { FuzzClient } from './fuzz-client';
import type { FuzzRequest } from './fuzz-request';
import { fuzzRequests } from './fuzz-requests';
import { oddFiles } from './odd-files';
import { PlantedIds, type Owner } from './planted-ids';
import { plantTenants, type PlantedTenants } from './planted-tenants';
import { Pulse } from './pulse';
import { readSecrets, type Secrets, uuidsIn } from './secrets';
import { ServiceLog } from './service-log';
import { rawBytes, wireRequest, type WireRequest } from './wire-request';

/** `npm test` sends the same few each time; `npm run test:fuzz` sends many, and others each time. */
const { FUZZ_REQUESTS, FUZZ_SEED } = process.env;
const REQUESTS = Number(FUZZ_REQUESTS ?? 800);
const SEED = Number(FUZZ_SEED ?? (FUZZ_REQUESTS === undefined ? 5 : randomInt(2 ** 30)));
/** Asked side by side; each has a seed of its own and shrinks on its own. */
const LANES = 24;
const MAX_PAUSE_MS = 10_000;
const MAX_MEMORY_MB = 1500;
const SHOWN_BYTES = 1500;
/** Well below what the kernel holds of a connection. */
const BUFFERED_BYTES = 64 * 1024;

jest.setTimeout(60_000 + REQUESTS * 60);

describe('requests of every kind', () => {
  let bench: ProcessBench;
  let service: ServiceProcess;
  let log: ServiceLog;
  let client: FuzzClient;
  let tenants: PlantedTenants;
  let operations: Operation[];
  let ids: Record<Owner, PlantedIds>;
  let secrets: Secrets;
  const statuses = new Map<number, number>();

  beforeAll(async () => {
    bench = await openProcessBench();
    service = await bench.start();
    operations = await readOperations(service.origin);
    tenants = await plantTenants(service.origin, bench.sql);
    log = new ServiceLog(service.child, [tenants.marker, 'fuzz-secret']);
    client = new FuzzClient(service.origin, LANES);
    ids = {
      own: await PlantedIds.read([tenants.own], operations),
      foreign: await PlantedIds.read(tenants.foreign, operations),
    };
    secrets = await readSecrets(bench.sql, tenants);
  });
  afterAll(async () => {
    client.close();
    await bench.close();
  });

  it(`${REQUESTS} of them, seed ${SEED}: none fails inside, nothing of another tenant shows or changes`, async () => {
    const before = await Promise.all(tenants.foreign.map(({ tenant }) => fingerprint(bench.sql, tenant)));
    const pulse = new Pulse(service.origin);
    const start = performance.now();
    const requests = fuzzRequests(operations, await oddFiles());
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      fc.check(fc.asyncProperty(requests, expectSoundAnswer), {
        seed: SEED + lane,
        numRuns: Math.ceil(REQUESTS / LANES),
        endOnFailure: false,
      }),
    );
    const failures = (await Promise.all(lanes)).filter(({ failed }) => failed);
    const seconds = (performance.now() - start) / 1000;
    await pulse.stop();
    const sent = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    const memory = peakMemory(service);
    console.log(
      `${sent} answers in ${seconds.toFixed()} s, ${(sent / seconds).toFixed()} a second; seed ${SEED}; ` +
        `longest pause ${pulse.longestMs.toFixed()} ms, most memory ${String(memory?.toFixed())} MB, ${log.lines} lines of log\n` +
        [...statuses]
          .sort(([one], [other]) => one - other)
          .map(([status, count]) => `${status}: ${count}`)
          .join(', '),
    );
    expect({
      failures: failures.map(({ errorInstance }) => (errorInstance as Error).message),
      log: log.faults,
    }).toEqual({ failures: [], log: [] });
    expect({ exit: service.child.exitCode, pause: pulse.longestMs < MAX_PAUSE_MS }).toEqual({
      exit: null,
      pause: true,
    });
    expect(memory ?? 0).toBeLessThan(MAX_MEMORY_MB);
    expect((await tenants.own.get('/health/ready')).status).toBe(200);
    expect((await tenants.own.get('/health/wiring?verify=scan&refresh=true')).body).toMatchObject({
      metrics: {
        asymmetric_links: 0,
        assets_with_orphan_raw_import_ref: 0,
        raw_records_with_orphan_asset_ref: 0,
      },
    });
    const after = await Promise.all(tenants.foreign.map(({ tenant }) => fingerprint(bench.sql, tenant)));
    expect(after).toEqual(before);
  });

  async function expectSoundAnswer(request: FuzzRequest): Promise<void> {
    const wire = wireRequest(request, service.origin, ids);
    const fault = await ask(request, wire).catch((error: unknown) => `is none: ${String(error)}`);
    if (fault === null) return;
    const bytes = rawBytes(wire);
    throw new Error(
      `The answer ${fault}\nto ${JSON.stringify(bytes.subarray(0, SHOWN_BYTES).toString())}` +
        (bytes.length > SHOWN_BYTES
          ? ` and ${bytes.length - SHOWN_BYTES} bytes more: ${JSON.stringify(request)}`
          : ''),
    );
  }

  async function ask(request: FuzzRequest, wire: WireRequest): Promise<string | null> {
    noteNamed(wire);
    const answers = await client.send(wire);
    if (answers === null) return 'is no HTTP';
    if (answers.length === 0 && !mayBeHungUpOn(wire)) return 'is none';
    const { method } = wire;
    const asked = decoded(decoded(wire.target)).toLowerCase();
    for (const answer of answers) {
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const fault = faultOf(answer, { request: asked, method, operation: operationOf(request), secrets });
      if (fault !== null)
        return `${fault}:\n${String(answer.status)} ${JSON.stringify(answer.headers)} ${answer.text.slice(0, SHOWN_BYTES)}`;
    }
    return method === 'HEAD' && answers.length === 1 ? differsFromGet(wire, answers[0]!.status) : null;
  }

  /** What a request that writes names may stand in a text of our own from now on. */
  function noteNamed({ method, target, body }: WireRequest): void {
    if (/^(GET|HEAD)$/.test(method)) return;
    const text = target.slice(target.indexOf('?')) + (body?.toString() ?? '');
    for (const id of uuidsIn(text)) secrets.ids.delete(id);
  }

  async function differsFromGet(wire: WireRequest, status: number): Promise<string | null> {
    const got = (await client.send({ ...wire, method: 'GET' }))?.[0]?.status;
    return got === status ? null : `is ${status}, and ${String(got)} to GET`;
  }

  function operationOf({ method, template, twists }: FuzzRequest): Operation | null {
    if (twists.length > 0) return null;
    return (
      operations.find((operation) => operation.method === method && operation.template === template) ?? null
    );
  }
});

/**
 * Who says another length than what is sent, or asks for a tunnel; and who sends much by a connection that is to be
 * closed: an answer that comes before the end of the body is lost to it.
 */
function mayBeHungUpOn({ method, framing, body }: WireRequest): boolean {
  return !/^(length|chunked)$/.test(framing) || method === 'CONNECT' || (body?.length ?? 0) > BUFFERED_BYTES;
}

/** As far as it can be; the service has refused the rest. */
function decoded(target: string): string {
  return target.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
