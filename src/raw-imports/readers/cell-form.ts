import { isIP } from 'node:net';

/** Forms that a value has and that the name of a column has not. */
export type CellForm = 'address' | 'identifier' | 'moment' | 'number' | 'domain';

/** A single cell of these is enough to know a row of data by. */
export const UNMISTAKABLE: ReadonlySet<CellForm> = new Set<CellForm>(['address', 'identifier', 'moment']);

const MAC = /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$/i;
const UUID = /^\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?$/i;
const EMAIL = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i;
const MOMENT = /^(?:\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{2,4})(?:[T ]\d\d?:\d\d.*)?$/;
const NUMBER = /^[+-]?[\d.,'\s]*\d(?:\s?(?:%|[kmgt]i?b?|mhz|ghz))?$/i;
const DOMAIN = /^(?:[a-z\d_](?:[a-z\d_-]*[a-z\d])?\.)+[a-z]{2,}$/i;

/** The form of a value that a cell has, or null of any other text. */
export function cellForm(cell: string): CellForm | null {
  const text = cell.trim();
  if (text === '' || text.length > 100) return null;
  if (isIP(text.replace(/\/\d+$/, '')) !== 0 || MAC.test(text)) return 'address';
  if (UUID.test(text) || EMAIL.test(text)) return 'identifier';
  if (MOMENT.test(text)) return 'moment';
  if (NUMBER.test(text)) return 'number';
  // With a capital in it, it is a path of names, such as `OS.Name`.
  return DOMAIN.test(text) && text === text.toLowerCase() ? 'domain' : null;
}
