import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { startTestService, type TestService } from '../support/test-service';
import { newTenant } from '../support/api-client';
import { sendDirectly } from '../walls/direct';
import { StatementRecorder } from '../walls/statement-recorder';
import { walk } from '../walls/walk';
import { explain } from './explain';
import { growTenant } from './grow-tenant';

describe('plans', () => {
  let service: TestService;
  it('x', async () => {
    const t0 = Date.now();
    const lap = (w: string) => process.stderr.write(`${w} ${Date.now() - t0}\n`);
    service = await startTestService();
    const client = service.newClient();
    const recorder = new StatementRecorder();
    recorder.install();
    const trail = await walk(service, client);
    await sendDirectly(service, client.tenant, trail);
    recorder.uninstall();
    lap('walk');
    const { rows: tables } = await service.sql.query<{ name: string }>(`SELECT polrelid::regclass::text AS name FROM pg_policy WHERE polname = 'tenant_wall'`);
    for (const { name } of tables) await service.sql.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`);
    const { rows: [flow] } = await service.sql.query<{ id: string }>('SELECT id FROM migration.discovery_flows WHERE flow_id = $1', [trail.flow_id]);
    await growTenant(service.sql, client.tenant, { data_import_id: trail.id!, flow_key: flow!.id, run_id: trail.run_id!, repair_id: trail.repair_id! }, 200_000);
    lap('big');
    for (let i = 0; i < 20; i++) {
      await growTenant(service.sql, newTenant(), { data_import_id: randomUUID(), flow_key: randomUUID(), run_id: randomUUID(), repair_id: randomUUID() }, 2_000);
    }
    lap('small');
    await service.sql.query(`VACUUM (ANALYZE) ${tables.map(({ name }) => name).join(', ')}`);
    lap('analyze');
    const mentions = new RegExp(`\\bmigration"?\\."?(${tables.map(({ name }) => name.replace('migration.', '')).join('|')}|find_assets_by_\\w+)\\b`);
    const seen = new Set<string>();
    const out: unknown[] = [];
    for (const s of recorder.statements.filter(({ sql }) => mentions.test(sql) && !/^COPY/.test(sql))) {
      const key = JSON.stringify([s.file, s.sql, s.planning, s.values]);
      if (seen.has(key)) continue;
      seen.add(key);
      const t = Date.now();
      try {
        const e = await explain(service.sql, client.tenant, s);
        out.push({ ...s, ...e, ms: Date.now() - t });
      } catch (error) {
        out.push({ ...s, error: String(error), ms: Date.now() - t });
      }
    }
    lap('explained ' + out.length);
    writeFileSync('/tmp/b/plans/out.json', JSON.stringify(out));
    await service.stop();
  }, 300_000);
});
