/** A run's ledger as one JSON object, for statements on `migration.discovery_runs` alone. */
export const LEDGER_JSON = `jsonb_build_object(
  'total_records', total_records, 'created', created, 'linked', linked, 'duplicates', duplicates,
  'conflicts', conflicts, 'rejected', rejected, 'pending', pending, 'chunks_done', chunks_done,
  'chunks_failed', chunks_failed)`;
