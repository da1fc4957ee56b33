/** Where a flow stands before its first run, by what it has to work with. */
export function flowProgress({ hasImport, hasMappings }: { hasImport: boolean; hasMappings: boolean }) {
  const completed = hasImport ? (hasMappings ? 3 : 2) : 0;
  return {
    status: hasImport ? (hasMappings ? 'active' : 'waiting_for_approval') : 'initialized',
    current_phase: hasImport ? (hasMappings ? 'data_cleansing' : 'field_mapping') : 'data_import',
    // Rows were checked one by one when their file was imported.
    data_import_completed: hasImport,
    data_validation_completed: hasImport,
    field_mapping_completed: hasMappings,
    progress_percentage: (100 * completed) / 5,
  };
}
