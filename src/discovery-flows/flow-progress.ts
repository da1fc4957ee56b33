import { PHASES } from './discovery-flow.entity';

/** Where a flow stands before its first run, by what it has to work with. */
export function flowProgress({ hasImport, hasMappings }: { hasImport: boolean; hasMappings: boolean }) {
  const completed = hasImport ? (hasMappings ? 3 : 2) : 0;
  return {
    status: hasImport ? (hasMappings ? 'active' : 'waiting_for_approval') : 'initialized',
    current_phase: PHASES[completed] ?? PHASES[0],
    // Rows were checked one by one when their file was imported.
    data_import_completed: hasImport,
    data_validation_completed: hasImport,
    field_mapping_completed: hasMappings,
    progress_percentage: (100 * completed) / PHASES.length,
  };
}
