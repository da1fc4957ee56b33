import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ASSET_FIELDS } from './asset-fields';
import { CONFIDENT_SCORE } from './confident-score';
import { suggestFieldMappings } from './suggest-field-mappings';

interface Inventory {
  file: string;
  format: string;
  encoding: string;
  delimiter: string | null;
  header_row: number | null;
  header?: string[];
  /** By field, the columns that a person would map to it. Also speaks of fields that assets do not have. */
  semantics_suggested?: Record<string, string[]>;
}

// Real inventories lie beside the project, not in it. `.skip` shows in the report where they are missing.
const FOLDER = join(__dirname, '../../../shared/data');
const describeData = existsSync(join(FOLDER, 'MANIFEST.json')) ? describe : describe.skip;

// Confident, and not what the manifest says, for a reason.
const JUSTIFIED = new Set([
  // The manifest has no field for an FQDN.
  'server_fqdn -> fqdn',
  // Its cells are DEV and PROD.
  'Lifecycle -> environment',
  // It says more than `server_os_family` does.
  'server_os_version -> operating_system',
]);

// What the manifest maps and we leave to a person.
const MISSED = new Set([
  // A power state or the life of a device is no state of a migration.
  'status <- Powerstate',
  'status <- Power Stats',
  'status <- Status',
  'status <- status',
  'status <- Lifecycle',
  // Two sides of a connection: neither is the asset.
  'name <- Source server name',
  'ip_address <- Destination IP',
  // Product categories (`Ornamental Railings`) are no asset types.
  'asset_type <- Category',
  // Holds an FQDN, for which there is a field, or nothing.
  'hostname <- server_fqdn',
  'hostname <- DNS Name',
  // Sizes that a cloud sells are no machines.
  'name <- Virtual Machine',
  // The region and account are where the machine shall go.
  'location <- aws_region',
  'operating_system <- server_os_family',
  // `service|environment` in one cell, and a rack's number.
  'environment <- service_env',
  'location <- rack',
]);

describeData('suggestFieldMappings on real inventories', () => {
  const inventories = existsSync(FOLDER)
    ? (JSON.parse(readFileSync(join(FOLDER, 'MANIFEST.json'), 'utf8')) as Inventory[])
    : [];
  const cases = inventories.filter(({ semantics_suggested }) => semantics_suggested !== undefined);

  it.each(cases)('$file', (inventory) => {
    const meant = Object.entries(inventory.semantics_suggested ?? {}).filter(([field]) =>
      Object.hasOwn(ASSET_FIELDS, field),
    );
    const columns = (inventory.header ?? []).filter((header) => header !== '' && header !== '…');
    const confident = suggestFieldMappings(columns, readSamples(inventory, columns)).filter(
      ({ confidence_score }) => confidence_score >= CONFIDENT_SCORE,
    );

    const wrong = confident.filter(({ source_field, target_field }) => {
      const spokenOf = meant.some(
        ([field, sources]) => field === target_field || sources.includes(source_field),
      );
      const right = meant.some(
        ([field, sources]) => field === target_field && sources.includes(source_field),
      );
      return spokenOf && !right;
    });
    expect(
      wrong.map((s) => `${s.source_field} -> ${s.target_field}`).filter((line) => !JUSTIFIED.has(line)),
    ).toEqual([]);

    const missed = meant.filter(
      ([field, sources]) =>
        !confident.some((s) => s.target_field === field && sources.includes(s.source_field)),
    );
    expect(
      missed.map(([field, [source]]) => `${field} <- ${source ?? ''}`).filter((line) => !MISSED.has(line)),
    ).toEqual([]);
  });
});

/** Some rows of a UTF-8 CSV file; none of the others, whose headers must do. */
function readSamples(
  { file, format, encoding, delimiter, header_row }: Inventory,
  columns: readonly string[],
) {
  if (format !== 'csv' || !/^(?:ascii|utf-8)/.test(encoding)) return [];
  const rows = parse(readFileSync(join(FOLDER, file)), {
    bom: true,
    delimiter: delimiter === 'TAB' ? '\t' : (delimiter ?? ','),
    from_line: (header_row ?? 1) + 1,
    to: 100,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? ''])));
}
