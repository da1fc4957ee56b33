import fastify from 'fastify';
import { Pool } from 'pg';

/**
 * A page of assets by Fastify and pg, with nothing checked, no wall between tenants but the predicate, and a total that it
 * was told: what no service can do without that reads the rows of a page and sends them.
 */
const { DATABASE_URL, PORT, CLIENT_ACCOUNT_ID, ENGAGEMENT_ID, TOTAL } = process.env;
const total = Number(TOTAL);

const PAGE = `
  SELECT client_account_id, engagement_id, id, name, asset_type, hostname, fqdn, ip_address, environment, operating_system,
         cpu_cores, memory_gb, storage_gb, location, business_owner, technical_owner, application_name, criticality, status,
         serial_number, description, discovery_flow_id, master_flow_id, flow_id, raw_import_records_id, field_mappings_used,
         discovery_method, discovery_source, discovery_timestamp, source_phase, current_phase, raw_data, custom_attributes,
         created_at, updated_at, deleted_at
    FROM migration.assets
   WHERE client_account_id = $1 AND engagement_id = $2 AND deleted_at IS NULL
   ORDER BY created_at, id LIMIT $3 OFFSET $4`;

const pool = new Pool({ connectionString: DATABASE_URL, max: 10 });
const app = fastify();

app.get<{ Querystring: { page: string; page_size: string } }>(
  '/api/v1/unified-discovery/assets',
  async ({ query }) => {
    const [page, page_size] = [Number(query.page), Number(query.page_size)];
    const { rows } = await pool.query<Record<string, unknown>>({
      name: 'page',
      text: PAGE,
      values: [CLIENT_ACCOUNT_ID, ENGAGEMENT_ID, page_size, (page - 1) * page_size],
    });
    return {
      data: rows,
      pagination: { page, page_size, total, total_pages: Math.ceil(total / page_size) },
      metadata: { max_page_size: 200, page_size_capped: false },
    };
  },
);

void app.listen({ host: '127.0.0.1', port: Number(PORT) });
