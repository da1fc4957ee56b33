import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every tenant table carries the tenant pair, and its primary key begins with client_account_id: that is the
 * column a sharded (Citus) database distributes by. Words are checked one column at a time; no check spans the
 * link columns, since after a constraint rollback it would forbid the very states that the health check counts.
 *
 * Tables are created without foreign keys: those come NOT VALID in a later migration, once every table exists.
 */
export class CreateTables1764000000000 implements MigrationInterface {
  name = 'CreateTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE migration.crewai_flow_state_extensions (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        flow_id uuid NOT NULL,
        flow_type text NOT NULL DEFAULT 'discovery',
        flow_status text NOT NULL DEFAULT 'initialized',
        flow_persistence_data jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_crewai_flow_state_extensions PRIMARY KEY (client_account_id, id)
      )`);
    await runner.query(`
      CREATE TABLE migration.data_imports (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        filename text NOT NULL,
        import_type text NOT NULL DEFAULT 'inventory',
        format text,
        encoding text,
        delimiter text,
        sheet text,
        sheets jsonb,
        checksum_sha256 text,
        size_bytes bigint,
        status text NOT NULL DEFAULT 'pending',
        columns jsonb NOT NULL DEFAULT '[]',
        total_records integer NOT NULL DEFAULT 0,
        valid_records integer NOT NULL DEFAULT 0,
        rejected_records integer NOT NULL DEFAULT 0,
        processed_records integer NOT NULL DEFAULT 0,
        empty_rows_skipped integer NOT NULL DEFAULT 0,
        progress_percentage double precision NOT NULL DEFAULT 0,
        master_flow_id uuid,
        imported_by text,
        error_message text,
        error_details jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        CONSTRAINT pk_data_imports PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_data_imports_status CHECK (status IN ('pending', 'uploading', 'uploaded', 'processing',
          'validating', 'processed', 'completed', 'failed', 'cancelled', 'archived')),
        CONSTRAINT ck_data_imports_records CHECK (total_records = valid_records + rejected_records)
      )`);
    await runner.query(`
      CREATE TABLE migration.raw_import_records (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        data_import_id uuid,
        row_number integer,
        raw_data jsonb NOT NULL DEFAULT '{}',
        cleansed_data jsonb,
        is_valid boolean NOT NULL DEFAULT true,
        validation_errors jsonb,
        is_processed boolean NOT NULL DEFAULT false,
        processed_at timestamptz,
        processing_notes text,
        asset_id uuid,
        matched_asset_id uuid,
        fate text NOT NULL DEFAULT 'pending',
        master_flow_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_raw_import_records PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_raw_import_records_fate CHECK (fate IN ('pending', 'created', 'duplicate', 'conflict', 'rejected'))
      )`);
    await runner.query(`
      CREATE TABLE migration.discovery_flows (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        flow_id uuid NOT NULL,
        master_flow_id uuid,
        data_import_id uuid,
        flow_name text NOT NULL,
        status text NOT NULL DEFAULT 'initialized',
        current_phase text NOT NULL DEFAULT 'data_import',
        data_import_completed boolean NOT NULL DEFAULT false,
        data_validation_completed boolean NOT NULL DEFAULT false,
        field_mapping_completed boolean NOT NULL DEFAULT false,
        data_cleansing_completed boolean NOT NULL DEFAULT false,
        asset_inventory_completed boolean NOT NULL DEFAULT false,
        field_mappings jsonb NOT NULL DEFAULT '{}',
        field_mappings_hash text,
        mappings_version_id uuid,
        progress_percentage double precision NOT NULL DEFAULT 0,
        error_message text,
        error_phase text,
        error_details jsonb,
        user_id text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        CONSTRAINT pk_discovery_flows PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_discovery_flows_status CHECK (status IN ('initialized', 'active', 'running', 'paused',
          'waiting_for_approval', 'completed', 'failed', 'deleted')),
        CONSTRAINT ck_discovery_flows_current_phase CHECK (current_phase IN ('data_import', 'data_validation',
          'field_mapping', 'data_cleansing', 'asset_inventory'))
      )`);
    await runner.query(`
      CREATE TABLE migration.import_field_mappings (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        data_import_id uuid NOT NULL,
        master_flow_id uuid,
        source_field text NOT NULL,
        target_field text NOT NULL,
        match_type text NOT NULL,
        rule text,
        confidence_score double precision NOT NULL,
        status text NOT NULL DEFAULT 'suggested',
        transformation_rules jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_import_field_mappings PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_import_field_mappings_status CHECK (status IN ('suggested', 'approved', 'rejected'))
      )`);
    await runner.query(`
      CREATE TABLE migration.assets (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        name text NOT NULL,
        asset_type text NOT NULL,
        hostname text,
        fqdn text,
        ip_address text,
        environment text,
        operating_system text,
        cpu_cores double precision,
        memory_gb double precision,
        storage_gb double precision,
        location text,
        business_owner text,
        technical_owner text,
        application_name text,
        criticality text,
        status text NOT NULL DEFAULT 'discovered',
        serial_number text,
        description text,
        discovery_flow_id uuid,
        master_flow_id uuid,
        flow_id uuid,
        raw_import_records_id uuid,
        field_mappings_used text,
        discovery_method text,
        discovery_source text,
        discovery_timestamp timestamptz,
        source_phase text,
        current_phase text,
        raw_data jsonb,
        custom_attributes jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_assets PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_assets_asset_type CHECK (asset_type IN ('server', 'database', 'application', 'component',
          'network', 'load_balancer', 'storage', 'security_group', 'virtual_machine', 'container', 'other')),
        CONSTRAINT ck_assets_status CHECK (status IN ('discovered', 'assessed', 'planned', 'migrating', 'migrated',
          'failed', 'excluded'))
      )`);
    await runner.query(`
      CREATE TABLE migration.discovery_runs (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        discovery_flow_id uuid NOT NULL,
        data_import_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'queued',
        chunk_size integer NOT NULL,
        failure_policy text NOT NULL,
        total_records integer NOT NULL,
        created integer NOT NULL DEFAULT 0,
        linked integer NOT NULL DEFAULT 0,
        duplicates integer NOT NULL DEFAULT 0,
        conflicts integer NOT NULL DEFAULT 0,
        rejected integer NOT NULL DEFAULT 0,
        pending integer NOT NULL,
        chunks_total integer NOT NULL,
        chunks_done integer NOT NULL DEFAULT 0,
        chunks_failed integer NOT NULL DEFAULT 0,
        lease_owner uuid,
        lease_expires_at timestamptz,
        attempt integer NOT NULL DEFAULT 0,
        error text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        started_at timestamptz,
        finished_at timestamptz,
        CONSTRAINT pk_discovery_runs PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_discovery_runs_status CHECK (status IN ('queued', 'running', 'paused', 'completed',
          'completed_with_errors', 'failed', 'cancelled')),
        CONSTRAINT ck_discovery_runs_failure_policy CHECK (failure_policy IN ('stop', 'skip', 'retry')),
        CONSTRAINT ck_discovery_runs_ledger CHECK (
          total_records = created + duplicates + conflicts + rejected + pending AND pending >= 0 AND linked = created)
      )`);
    await runner.query(`
      CREATE TABLE migration.discovery_run_chunks (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        run_id uuid NOT NULL,
        chunk integer NOT NULL,
        first_row integer NOT NULL,
        last_row integer NOT NULL,
        records integer NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        created integer NOT NULL DEFAULT 0,
        linked integer NOT NULL DEFAULT 0,
        duplicates integer NOT NULL DEFAULT 0,
        conflicts integer NOT NULL DEFAULT 0,
        rejected integer NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        error text,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_discovery_run_chunks PRIMARY KEY (client_account_id, run_id, chunk),
        CONSTRAINT ck_discovery_run_chunks_status CHECK (status IN ('pending', 'committed', 'failed'))
      )`);
    // What foreign keys refer to must be unique over the tenant pair, not over the client alone.
    await runner.query(`
      CREATE UNIQUE INDEX uq_crewai_flow_state_extensions_flow
        ON migration.crewai_flow_state_extensions (client_account_id, engagement_id, flow_id)`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_crewai_flow_state_extensions_tenant_id
        ON migration.crewai_flow_state_extensions (client_account_id, engagement_id, id)`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_data_imports_tenant_id
        ON migration.data_imports (client_account_id, engagement_id, id)`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_discovery_flows_tenant_id
        ON migration.discovery_flows (client_account_id, engagement_id, id)`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_discovery_flows_tenant_flow
        ON migration.discovery_flows (client_account_id, engagement_id, flow_id)`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_discovery_runs_tenant_id
        ON migration.discovery_runs (client_account_id, engagement_id, id)`);
    // A second run over the same rows is refused here, whatever two requests saw at the same time.
    await runner.query(`
      CREATE UNIQUE INDEX uq_discovery_runs_live
        ON migration.discovery_runs (client_account_id, engagement_id, data_import_id)
        WHERE status IN ('queued', 'running', 'paused')`);
    // Runs whose holder died are found by the time at which they should have moved.
    await runner.query(`
      CREATE INDEX idx_discovery_runs_lease ON migration.discovery_runs (lease_expires_at)
        WHERE status IN ('queued', 'running')`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_import_field_mappings_pair
        ON migration.import_field_mappings (client_account_id, engagement_id, data_import_id, source_field, target_field)`);
    await runner.query(`
      CREATE INDEX idx_data_imports_tenant_checksum
        ON migration.data_imports (client_account_id, engagement_id, checksum_sha256)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'discovery_run_chunks',
      'discovery_runs',
      'assets',
      'import_field_mappings',
      'discovery_flows',
      'raw_import_records',
      'data_imports',
      'crewai_flow_state_extensions',
    ]) {
      await runner.query(`DROP TABLE migration.${table}`);
    }
  }
}
