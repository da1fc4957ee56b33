import { isIPv4 } from 'node:net';

/** Whether a cell is a network, such as `10.0.0.0/24`, and no address in one. */
export function isNetwork(cell: string): boolean {
  const [address = '', prefix] = cell.split('/');
  if (prefix === undefined || !/^\d{1,2}$/.test(prefix) || !isIPv4(address)) return false;
  const bits = address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
  return Number(prefix) < 31 && bits % 2 ** (32 - Number(prefix)) === 0;
}
