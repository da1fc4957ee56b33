import type { MappedFields } from '../field-mapping/mapped-row';

/** What a record keeps of the fields that its cells gave: those that have a value. */
export function cleansedData(fields: MappedFields): Partial<MappedFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
