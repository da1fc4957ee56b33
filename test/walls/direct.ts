import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { refreshStatistics } from '../../src/database/refresh-statistics';
import { TenantDatabase } from '../../src/database/tenant-database';
import { LeaseLostError } from '../../src/discovery-flows/lease';
import { countFates } from '../../src/discovery-flows/queries/count-fates';
import { failChunk } from '../../src/discovery-flows/queries/fail-chunk';
import { findRowsByNumber } from '../../src/discovery-flows/queries/find-rows-by-number';
import { findStalledRuns } from '../../src/discovery-flows/queries/find-stalled-runs';
import { findWrittenAssets } from '../../src/discovery-flows/queries/find-written-assets';
import { isChunkPending } from '../../src/discovery-flows/queries/is-chunk-pending';
import { releaseLease } from '../../src/discovery-flows/queries/release-lease';
import { releaseStalledRun } from '../../src/discovery-flows/queries/release-stalled-run';
import { renewLease } from '../../src/discovery-flows/queries/renew-lease';
import { requestRun } from '../../src/discovery-flows/queries/request-run';
import { insertDoneKey } from '../../src/idempotency/queries/insert-done-key';
import { releaseKey } from '../../src/idempotency/queries/release-key';
import { takeKeyOver } from '../../src/idempotency/queries/take-key-over';
import { LinkRepairs } from '../../src/link-repair/link-repairs.service';
import type { Tenant } from '../../src/tenancy/tenant';
import type { TestService } from '../support/test-service';
import type { Trail } from './walk';

/** Sends what the service sends only when something goes wrong, with the ids of what a walk has left. */
export async function sendDirectly(service: TestService, tenant: Tenant, trail: Trail): Promise<void> {
  const database = service.app.get(TenantDatabase);
  const dataSource = service.app.get(DataSource);
  const at = new Date();
  const lease = { run_id: trail.run_id!, owner: randomUUID(), attempt: 1 };
  const key = { key: randomUUID(), owner: randomUUID() };
  await refreshStatistics(dataSource);
  await findStalledRuns(dataSource, at);
  const whole = { data_import_id: trail.id!, first_row: 1, last_row: 5, limit: 5 };
  await database.transaction(tenant, async (tx) => {
    await countFates(tx, whole);
    await findRowsByNumber(tx, trail.id!, [1, 2]);
    await findWrittenAssets(tx, [trail.asset!]);
    await isChunkPending(tx, trail.run_id!, 1);
    await releaseStalledRun(tx, trail.run_id!, at);
    await requestRun(tx, { run_id: trail.run_id!, requested: 'pause', at });
    await takeKeyOver(tx, key, at);
    await releaseKey(tx, key, at);
    const request = { key: key.key, fingerprint: 'x' };
    await insertDoneKey(tx, request as never, { status: 201, location: null, text: '{}' } as never, at);
  });
  const failure = { chunk: 1, attempts: 1, error: 'x', at, giveBack: false };
  for (const send of [
    () => database.transaction(tenant, (tx) => renewLease(tx, lease, at)),
    () => database.transaction(tenant, (tx) => releaseLease(tx, lease, at)),
    () => database.transaction(tenant, (tx) => failChunk(tx, lease, failure)),
  ]) {
    // Nobody holds this lease, which is what each of them finds out.
    await expect(send()).rejects.toThrow(LeaseLostError);
  }

  const repairs = new LinkRepairs(database);
  const { plan_hash } = await repairs.plan(tenant, { fillOnly: false });
  const run = { run_id: randomUUID(), run_hash: plan_hash!, plan_hash: plan_hash!, fillOnly: false };
  const repair_id = await repairs.begin(tenant, run);
  await repairs.advance(tenant, repair_id, 'apply', 100);
  await repairs.beginUndo(tenant, repair_id);
  await repairs.stop(tenant, repair_id, 'x');
  await repairs.beginUndo(tenant, repair_id);
  await repairs.advance(tenant, repair_id, 'undo', 100);
}
