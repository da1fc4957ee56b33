import { isDamagedNumber } from '../field-mapping/is-damaged-number';
import { isNullWord } from '../field-mapping/is-null-word';

/** Values that installers, images and people leave behind on many machines at once, folded to lower case. */
const PLACEHOLDERS = new Set([
  '0',
  '::1',
  'chassis serial number',
  'default string',
  'empty',
  'ip6-localhost',
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'no asset tag',
  'no name',
  'not applicable',
  'o.e.m.',
  'serial number',
  'system serial number',
  'to be determined',
  'to be filled by o.e.m',
  'to be filled by o.e.m.',
]);

/** Loopback, and what a machine gives itself that got no address: every machine may have them. */
const SHARED_ADDRESS = /^(127\.|169\.254\.|fe80:)/;
/** Noughts, crosses and signs, such as `0000`, `xx-xx` or `???`: nothing that a name or a number is made of. */
const MEANINGLESS = /^[0x.:_\-?*#\s]{2,}$|^[^\p{L}\p{N}]*$/u;

/** Whether a folded value says nothing about which machine it is. Such a value never matches another. */
export function isPlaceholder(value: string): boolean {
  return (
    PLACEHOLDERS.has(value) ||
    isNullWord(value) ||
    isDamagedNumber(value) ||
    SHARED_ADDRESS.test(value) ||
    MEANINGLESS.test(value)
  );
}
