import { isIP, isIPv4 } from 'node:net';

const LIST_PUNCTUATION = /[\s,;|="'[\](){}]+/;
const PREFIX_OR_ZONE = /[/%].*$/;
// Every machine has these, so they say nothing about one.
const UNSPECIFIED_OR_LOOPBACK = /^(?:0\.0\.0\.0|127\..*|::1?)$/;

/** The first IPv4 address in a cell such as `[fe80::1,10.0.0.1];` or `10.0.0.1/24`, else the first IPv6 address, else null. */
export function firstIpAddress(text: string): string | null {
  if (isIPv4(text) && !UNSPECIFIED_OR_LOOPBACK.test(text)) return text;
  const addresses = text
    .split(LIST_PUNCTUATION)
    .map((part) => part.replace(PREFIX_OR_ZONE, ''))
    .filter((part) => isIP(part) !== 0 && !UNSPECIFIED_OR_LOOPBACK.test(part));
  return addresses.find((address) => isIPv4(address)) ?? addresses[0] ?? null;
}
