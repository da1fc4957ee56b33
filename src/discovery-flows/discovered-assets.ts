import { v7 as uuidv7 } from 'uuid';
import { type FieldError, InvalidInputError } from '../errors/invalid-input.error';
import { ASSET_STATUSES, ASSET_TYPES } from '../field-mapping/asset-words';
import { normaliseWord } from '../field-mapping/normalise-word';
import type { DiscoveredAsset } from './create-assets-from-discovery';
import type { DiscoveredAssetRequest } from './dto/persist-assets.request';
import { isStorableJson } from './is-storable-json';

/**
 * The items of a request as assets, with the domain's words.
 * @throws InvalidInputError naming `discovered_assets[i].asset_type` or `.status` for words that mean none of them,
 * or `.custom_attributes` that cannot be stored.
 */
export function discoveredAssets(items: readonly DiscoveredAssetRequest[]): DiscoveredAsset[] {
  const errors: FieldError[] = [];
  const assets = items.map((item, i): DiscoveredAsset => {
    const required = (field: 'asset_type' | 'status', text: string, words: readonly string[]) => {
      const word = normaliseWord(field, text);
      if (word !== null) return word;
      errors.push({
        field: `discovered_assets[${i}].${field}`,
        message: `must be one of ${words.join(', ')}`,
      });
      return '';
    };
    if (!isStorableJson(item.custom_attributes ?? {})) {
      const field = `discovered_assets[${i}].custom_attributes`;
      errors.push({ field, message: 'holds characters that cannot be stored' });
    }
    return {
      id: uuidv7(),
      raw_import_record_id: item.raw_import_record_id?.toLowerCase() ?? null,
      custom_attributes: item.custom_attributes ?? {},
      fields: {
        name: item.name.trim(),
        asset_type: required('asset_type', item.asset_type, ASSET_TYPES),
        status: item.status == null ? 'discovered' : required('status', item.status, ASSET_STATUSES),
        environment: word('environment', item.environment),
        criticality: word('criticality', item.criticality),
        hostname: text(item.hostname),
        fqdn: text(item.fqdn),
        ip_address: text(item.ip_address),
        operating_system: text(item.operating_system),
        cpu_cores: item.cpu_cores ?? null,
        memory_gb: item.memory_gb ?? null,
        storage_gb: item.storage_gb ?? null,
        location: text(item.location),
        business_owner: text(item.business_owner),
        technical_owner: text(item.technical_owner),
        application_name: text(item.application_name),
        serial_number: text(item.serial_number),
        description: text(item.description),
      },
    };
  });
  if (errors.length > 0) throw new InvalidInputError(errors);
  return assets;
}

/** As rows of a file are read: a blank text is none, and rows find an asset by its values without blanks around. */
function text(value: string | null | undefined): string | null {
  return value?.trim() || null;
}

/** The domain's word where the text means one; a caller's own word otherwise, since these columns are open. */
function word(field: 'environment' | 'criticality', text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : (normaliseWord(field, text) ?? text);
}
