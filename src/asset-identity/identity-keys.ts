import type { MappedFields } from '../field-mapping/mapped-row';
import { foldCase } from './fold-case';
import type { IdentityPart, IdentityRule } from './identity-rule';
import { isPlaceholder } from './is-placeholder';

export interface IdentityKey {
  part: IdentityPart;
  /** Folded. Of `name+asset_type` the type, which is one word, and after a blank the name. */
  value: string;
}

/** Every key under which an asset can be found. */
export function identityKeys(rule: IdentityRule, fields: MappedFields): IdentityKey[] {
  return rule.flatMap((part) => {
    const value = keyValue(part, fields);
    return value === null ? [] : [{ part, value }];
  });
}

/**
 * The one key by which a row looks for its asset: a host name that is not found is a new machine, even where another
 * one has its address by now. Null where the row has nothing usable.
 */
export function identityKey(rule: IdentityRule, fields: MappedFields): IdentityKey | null {
  for (const part of rule) {
    const value = keyValue(part, fields);
    if (value !== null) return { part, value };
  }
  return null;
}

/** Whether an asset of these fields can be found under the key. */
export function hasKey(fields: MappedFields, { part, value }: IdentityKey): boolean {
  return keyValue(part, fields) === value;
}

function keyValue(part: IdentityPart, fields: MappedFields): string | null {
  const text = part === 'name+asset_type' ? fields.name : fields[part];
  if (text === null) return null;
  const value = foldCase(text);
  if (isPlaceholder(value)) return null;
  return part === 'name+asset_type' ? `${fields.asset_type} ${value}` : value;
}
