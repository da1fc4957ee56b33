import { BareRecord } from './bare-record';
import { ASSET_FIELDS, type AssetField } from './asset-fields';
import { cellReader } from './cell-reader';
import { deriveAssetType } from './derive-asset-type';
import { namesVirtualMachines } from './names-virtual-machines';
import type { MappedFields, MappedRow } from './mapped-row';
import { unitOf } from './profile-claims';
import type { SourceProfile } from './source-profile';

type Cells = Readonly<Record<string, string>>;
type Values = Record<AssetField, string | number | null>;

const MACHINE_NAMES = new Set<AssetField>(['name', 'hostname', 'fqdn', 'ip_address']);
const NO_VALUES = Object.fromEntries(Object.keys(ASSET_FIELDS).map((field) => [field, null])) as Values;

/**
 * Makes the function that turns a row's cells into an asset's fields. It is compiled once for a run, since it is called
 * for every row.
 *
 * Of several columns for one field the first, in the order of the mappings, that has a value gives it. No cell is lost:
 * whatever the fields do not show as it was written is kept in `custom_attributes` under its verbatim header.
 *
 * `samples` are rows of the same import, the same ones at every run of it: they tell the unit of a memory column whose
 * header is silent. Without them only the cells that are clear by themselves are read. `profile` is what is known of the
 * import's source.
 */
export function compileRowMapper(
  mappings: Readonly<Record<string, AssetField>>,
  samples: readonly Cells[] = [],
  profile: SourceProfile | null = null,
): (cells: Cells) => MappedRow {
  const columns = Object.entries(mappings).map(([header, field]) => ({
    header,
    field,
    read: cellReader(
      field,
      header,
      samples.map((cells) => ownCell(cells, header)),
      profile === null ? null : unitOf(profile, header),
    ),
  }));
  const mappedHeaders = new Set(Object.keys(mappings));
  const nameHeader = columns.find(({ field }) => field === 'name')?.header ?? null;
  const typeOfMachines =
    profile?.asset_type ??
    (nameHeader !== null && namesVirtualMachines(nameHeader) ? 'virtual_machine' : 'server');
  // A list of applications names no machine anywhere: there the application is what the row is about.
  const listsApplications = !columns.some(({ field }) => MACHINE_NAMES.has(field));

  return (cells) => {
    const values = { ...NO_VALUES };
    const sources: MappedRow['sources'] = {};
    // Headers are the user's, so `__proto__` must be a key like any other.
    const customAttributes = new BareRecord();
    for (const { header, field, read } of columns) {
      const cell = ownCell(cells, header);
      const text = cell.trim();
      if (text === '') continue;
      const value = values[field] === null ? read(text) : null;
      if (value !== null) {
        values[field] = value;
        sources[field] = header;
      }
      if (String(value) !== text) customAttributes[header] = cell;
    }
    for (const header of Object.keys(cells)) {
      const cell = ownCell(cells, header);
      if (!mappedHeaders.has(header) && cell.trim() !== '') customAttributes[header] = cell;
    }

    if (listsApplications) values.name = values.application_name;
    const fields = withDefaults(values, typeOfMachines);
    return {
      fields,
      sources,
      custom_attributes: customAttributes,
      problem: fields.name === null ? nameless(cells, nameHeader) : null,
    };
  };
}

function withDefaults(values: Values, typeOfMachines: string): MappedFields {
  values.name ??= values.hostname ?? values.fqdn ?? values.ip_address;
  values.asset_type ??= deriveAssetType(values, typeOfMachines);
  values.status ??= 'discovered';
  // Each field's reader gives a value of the field's kind, which the compiler cannot follow through the loop.
  return values as MappedFields;
}

function nameless(cells: Cells, column: string | null): MappedRow['problem'] {
  return {
    column,
    value: column === null ? null : ownCell(cells, column),
    code: 'missing_name',
    message: 'The row has neither a name nor a host name, an FQDN or an IP address to take one from.',
  };
}

function ownCell(cells: Cells, header: string): string {
  return (Object.hasOwn(cells, header) ? cells[header] : undefined) ?? '';
}
