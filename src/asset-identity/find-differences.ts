import type { AssetField } from '../field-mapping/asset-fields';
import type { MappedRow } from '../field-mapping/mapped-row';
import { foldCase } from './fold-case';
import type { KnownAsset } from './known-assets';

export interface Difference {
  /** An asset field, or `custom_attributes.<header>`. */
  field: string;
  /** The header whose cell differs. */
  column: string;
  existing: string | number | null;
  incoming: string | number;
}

/** Names that name the same machine however they are written. */
const FOLDED = new Set<string>(['name', 'hostname', 'fqdn', 'ip_address', 'serial_number']);

/**
 * What a row says otherwise than the asset. What it does not say cannot differ: an empty cell, or a value that was
 * only derived or set by default. A cell that gave a field its value is compared as that field alone, so `16 GB` and
 * `16384 MB` are the same, and each cell is named once.
 */
export function findDifferences(asset: KnownAsset, row: MappedRow): Difference[] {
  const differences: Difference[] = [];
  const shown = new Set<string>();
  for (const [field, column] of Object.entries(row.sources) as [AssetField, string][]) {
    shown.add(column);
    const existing = asset.fields[field] === '' ? null : asset.fields[field];
    const incoming = row.fields[field];
    if (incoming !== null && !isSame(field, existing, incoming)) {
      differences.push({ field, column, existing, incoming });
    }
  }
  for (const [column, incoming] of Object.entries(row.custom_attributes)) {
    if (shown.has(column)) continue;
    const existing = ownText(asset.custom_attributes, column);
    if (existing?.trim() !== incoming.trim()) {
      differences.push({ field: `custom_attributes.${column}`, column, existing, incoming });
    }
  }
  return differences;
}

function isSame(field: AssetField, existing: string | number | null, incoming: string | number): boolean {
  if (existing === incoming) return true;
  if (typeof existing !== 'string' || typeof incoming !== 'string') return false;
  return FOLDED.has(field) ? foldCase(existing) === foldCase(incoming) : existing.trim() === incoming.trim();
}

/** Attributes of a given list may be any JSON. */
function ownText(attributes: Readonly<Record<string, unknown>>, column: string): string | null {
  const value = Object.hasOwn(attributes, column) ? attributes[column] : null;
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
