import { type Client, escapeLiteral } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';

/** What most of the rows are to be of. */
export interface Roots {
  data_import_id: string;
  /** Primary key of the flow. */
  flow_key: string;
  flow_id: string;
  run_id: string;
  repair_id: string;
}

/** Kinds of ids, so that no two are the same. */
const [IMPORT, FLOW, FLOW_ID, RUN, REPAIR, RECORD, ASSET, OTHER] = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Gives a tenant so many assets and as many raw records, linked with each other but for a few, and rows of every other kind in a
 * likely proportion. Four fifths are of the roots, which are made where none are given; the others are spread over as many
 * imports, each with a flow and a run, as a five hundredth of the rows.
 */
export async function growTenant(sql: Client, tenant: Tenant, rows: number, roots?: Roots): Promise<void> {
  const T = `${escapeLiteral(tenant.client_account_id)}::uuid, ${escapeLiteral(tenant.engagement_id)}::uuid`;
  const salt = tenant.engagement_id.replaceAll('-', '').slice(0, 15);
  /** In the order of their making, as the service's are. */
  const id = (kind: number, n: string) =>
    `(lpad(to_hex(1764000000000 + ${n}), 12, '0') || '700${kind}8${salt}')::uuid`;
  const idOr = (root: string | undefined, kind: number, n: string) =>
    root === undefined
      ? id(kind, n)
      : `CASE WHEN ${n} = 0 THEN ${escapeLiteral(root)}::uuid ELSE ${id(kind, n)} END`;
  const imports = Math.ceil(rows / 500);
  const someOf = (share: number) => `generate_series(1, ${Math.ceil(rows * share)}) n`;
  const each = `generate_series(${roots ? 1 : 0}, ${imports}) i`;
  /** The import of a row: 0 is the root. */
  const spread = `CASE WHEN n <= ${rows * 0.8} THEN 0 ELSE 1 + n % ${imports} END AS i`;
  const at = (n: string) => `to_timestamp(1764000000 + ${n})`;
  await sql.query(`
    BEGIN;
    -- The checks of the keys are planned while nothing is known of the tables, and would take longer than all else.
    SET LOCAL session_replication_role = replica;

    INSERT INTO migration.crewai_flow_state_extensions (client_account_id, engagement_id, id, flow_id)
    SELECT ${T}, ${id(OTHER, 'i')}, ${id(FLOW_ID, 'i')} FROM ${each};

    INSERT INTO migration.data_imports
      (client_account_id, engagement_id, id, filename, status, checksum_sha256, total_records, valid_records, master_flow_id, created_at)
    SELECT ${T}, ${id(IMPORT, 'i')}, 'servers-' || i, 'processed', md5(i::text), 100, 100, ${id(FLOW_ID, 'i')}, ${at('i')} FROM ${each};

    INSERT INTO migration.discovery_flows
      (client_account_id, engagement_id, id, flow_id, master_flow_id, data_import_id, flow_name, created_at)
    SELECT ${T}, ${id(FLOW, 'i')}, ${id(FLOW_ID, 'i')}, ${id(FLOW_ID, 'i')}, ${id(IMPORT, 'i')}, 'flow ' || i, ${at('i')} FROM ${each};

    INSERT INTO migration.discovery_runs
      (client_account_id, engagement_id, id, discovery_flow_id, data_import_id, status, chunk_size, failure_policy, total_records, created,
       linked, pending, chunks_total, chunks_done, created_at, updated_at)
    SELECT ${T}, ${id(RUN, 'i')}, ${id(FLOW, 'i')}, ${id(IMPORT, 'i')}, 'completed', 10, 'skip', 100, 100, 100, 0, 10, 10, ${at('i')}, ${at('i')}
      FROM ${each};

    INSERT INTO migration.discovery_run_chunks
      (client_account_id, engagement_id, run_id, chunk, first_row, last_row, records, status, updated_at)
    SELECT ${T}, ${idOr(roots?.run_id, RUN, 'i')}, 1000 + n, n * 10, n * 10 + 9, 10,
           CASE n % 100 WHEN 0 THEN 'pending' WHEN 1 THEN 'failed' ELSE 'committed' END, ${at('0')}
      FROM (SELECT n, ${spread} FROM ${someOf(0.1)}) c;

    INSERT INTO migration.import_field_mappings
      (client_account_id, engagement_id, id, data_import_id, source_field, target_field, match_type, confidence_score)
    SELECT ${T}, ${id(OTHER, 'i * 100 + n')}, ${id(IMPORT, 'i')}, 'Column ' || n, 'hostname', 'direct', 1 FROM ${each}, generate_series(1, 25) n;

    INSERT INTO migration.learned_field_mappings
      (client_account_id, engagement_id, source, header_key, header, target_field, approvals, created_at, updated_at)
    SELECT ${T}, 'tool-' || i % 20, 'column' || i, 'Column ' || i, 'hostname', 1, ${at('0')}, ${at('0')} FROM ${each};

    INSERT INTO migration.audit_events (client_account_id, engagement_id, id, at, action, target_type, target_id, counts, details)
    SELECT ${T}, ${id(OTHER, 'n')}, ${at('n')}, 'run.started', 'discovery_run', ${id(RUN, 'n')}, '{}', '{}' FROM ${someOf(0.1)};

    INSERT INTO migration.idempotency_keys
      (client_account_id, engagement_id, key, fingerprint, status, response_status, response_body, created_at, updated_at)
    SELECT ${T}, 'key ' || n, md5(n::text), 'done', 201, '{}', now() - n * interval '1 minute', now() FROM ${someOf(0.1)};

    INSERT INTO migration.wiring_health_history (client_account_id, engagement_id, id, hour, checked_at, health_status, metrics)
    SELECT ${T}, ${id(OTHER, 'n')}, ${at('- n * 3600')}, ${at('- n * 3600')}, 'healthy', '{}' FROM ${someOf(0.1)};

    INSERT INTO migration.link_repairs
      (client_account_id, engagement_id, id, run_id, run_hash, plan_hash, status, planned, applied, created_at, updated_at)
    SELECT ${T}, ${id(REPAIR, 'i')}, ${id(OTHER, 'i')}, 'h', 'h', 'applied', 10, 10, ${at('i')}, ${at('i')} FROM ${each};

    INSERT INTO migration.link_repair_changes
      (client_account_id, engagement_id, repair_id, table_name, row_id, unit, rules, old, new, state, applied_at)
    SELECT ${T}, ${idOr(roots?.repair_id, REPAIR, 'i')}, 'assets', ${id(ASSET, 'n')}, 1000 + n, '["reciprocal"]',
           '{"raw_import_records_id": null}', jsonb_build_object('raw_import_records_id', ${id(RECORD, 'n')}),
           CASE n % 3 WHEN 0 THEN 'planned' WHEN 1 THEN 'applied' ELSE 'undone' END, ${at('0')}
      FROM (SELECT n, ${spread} FROM ${someOf(0.1)}) c;

    INSERT INTO migration.raw_import_records
      (client_account_id, engagement_id, id, data_import_id, row_number, raw_data, is_valid, is_processed, fate, asset_id, matched_asset_id,
       discovery_run_id, master_flow_id, created_at)
    SELECT ${T}, ${id(RECORD, 'n')}, ${idOr(roots?.data_import_id, IMPORT, 'i')}, 1000 + n,
           jsonb_build_object('Hostname', 'web-' || n, 'IP Address', '10.0.0.1', 'Environment', 'PROD', 'CPU Cores', '8'),
           fate <> 'rejected', fate <> 'pending', fate, CASE WHEN fate = 'created' THEN ${id(ASSET, 'n')} END,
           CASE WHEN fate = 'conflict' THEN ${id(ASSET, 'n')} END, ${idOr(roots?.run_id, RUN, 'i')},
           ${idOr(roots?.flow_id, FLOW_ID, 'i')}, ${at('n / 500')}
      FROM (SELECT n, ${spread}, coalesce(('{rejected,conflict,pending,pending}'::text[])[n % 100], 'created') AS fate
              FROM ${someOf(1)}) r;

    INSERT INTO migration.assets
      (client_account_id, engagement_id, id, name, asset_type, hostname, fqdn, ip_address, serial_number, environment, cpu_cores,
       discovery_flow_id, flow_id, master_flow_id, raw_import_records_id, discovery_method, discovery_source, custom_attributes, created_at, updated_at, deleted_at)
    SELECT ${T}, ${id(ASSET, 'n')}, 'web-' || n, 'server', 'web-' || n, CASE WHEN n % 2 = 0 THEN 'web-' || n || '.example.com' END,
           '10.' || n / 65536 || '.' || n / 256 % 256 || '.' || n % 256, CASE WHEN n % 2 = 1 THEN 'SN' || n END, 'PROD', 8,
           ${idOr(roots?.flow_key, FLOW, 'i')}, ${idOr(roots?.flow_id, FLOW_ID, 'i')}, ${idOr(roots?.flow_id, FLOW_ID, 'i')},
           CASE WHEN n % 100 NOT BETWEEN 1 AND 4 THEN ${id(RECORD, 'n')} END,
           'flow_based', 'Discovery Flow', '{"Rack": "R7"}', ${at('n / 500')}, ${at('n / 500')}, CASE WHEN n % 100 = 50 THEN ${at('n')} END
      FROM (SELECT n, ${spread} FROM ${someOf(1)}) a;
    COMMIT`);
}
