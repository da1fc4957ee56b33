import { isIP } from 'node:net';
import { z } from 'zod';

/** A comma list of the addresses and networks whose X-Forwarded-For is believed; nobody's when empty. */
export const trustedProxies = z
  .string()
  .default('')
  .transform((text) => (text.trim() === '' ? [] : text.split(',').map((address) => address.trim())))
  .refine((addresses) => addresses.every(isNetwork), {
    message:
      'must list IP addresses or networks such as 10.0.0.0/8, with commas between; names, true, a number of hops and ' +
      'networks of everybody (/0) are refused',
  })
  .transform((addresses): readonly string[] => addresses);

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
