import fc, { type Arbitrary } from 'fast-check';
import { oddTexts } from './odd-texts';
import { idToken } from './planted-ids';

export type Header = [name: string, value: string];

const OTHERS: Header[] = [
  ['Accept', 'text/csv'],
  ['Accept', 'application/xml'],
  ['Accept', ', ;q=2,*/*;q='],
  ['Accept-Encoding', 'gzip, br, identity;q=0'],
  ['Accept-Charset', 'utf-7'],
  ['Accept-Version', '9.9.9'],
  ['Authorization', 'Bearer fuzz-secret'],
  ['Cookie', '__proto__=1; constructor=2'],
  ['Content-Encoding', 'gzip'],
  ['Content-Encoding', 'br, gzip'],
  ['Content-Type', 'application/json'],
  ['Content-Type', 'application/json; charset=utf-16'],
  ['Content-Type', 'APPLICATION/JSON ; charset="utf-8"'],
  ['Content-Type', 'application/json; charset='],
  ['Content-Type', 'application/problem+json'],
  ['Content-Type', 'text/json'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
  ['Content-Type', 'multipart/form-data'],
  ['Content-Type', 'multipart/form-data; boundary='],
  ['Content-Type', 'multipart/form-data; boundary=""; boundary=x'],
  ['Content-Type', `multipart/form-data; boundary=${'x'.repeat(300)}`],
  ['Content-Type', 'multipart/mixed; boundary=x'],
  ['Content-Type', 'application/octet-stream'],
  ['Content-Type', ''],
  ['Content-Type', '/'],
  ['Content-Type', '\u00e9/json'],
  ['Expect', '100-continue'],
  ['Expect', 'something'],
  ['Host', ''],
  ['Host', "x' OR 1=1"],
  ['If-None-Match', '*'],
  ['If-Match', '"x"'],
  ['Last-Event-ID', '9999999999999-ffffffff'],
  ['Last-Event-ID', 'x'],
  ['Origin', 'https://evil.example'],
  ['Access-Control-Request-Method', 'DELETE'],
  ['Prefer', 'return=minimal'],
  ['Range', 'bytes=0-,5-1'],
  ['Referer', '\0'],
  ['TE', 'trailers'],
  ['Upgrade', 'h2c'],
  ['X-Forwarded-For', "127.0.0.1, ' OR 1=1"],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'https,https'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Original-URL', '/api/v1/health/live'],
  ['X-Request-Id', 'fuzz'],
  ['X-Request-Id', 'a b'],
  ['X-Big', 'x'.repeat(15_000)],
  ['X-Big', 'x'.repeat(20_000)],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['Transfer-Encoding', 'gzip, chunked'],
  ['Transfer-Encoding', 'identity'],
  ['Content-Length', '-1'],
  ['Content-Length', '99999999999999999999'],
  ['bad name', 'x'],
  ['', 'x'],
];

const TENANT = ['X-Client-Account-Id', 'X-Engagement-Id'] as const;

/**
 * A tenant's header that selects no tenant: twice, with another's id beside our own, or malformed. A foreign id alone
 * would select that tenant, rightly so where headers are trusted.
 */
const tenants: Arbitrary<Header> = fc
  .tuple(fc.constantFrom(...TENANT), fc.nat({ max: 3 }), oddTexts)
  .chain(([name, nth, text]) => {
    const theirs = idToken('foreign', name.slice(2).toLowerCase().replaceAll('-', '_'), nth);
    return fc.constantFrom<Header>(
      [name, text],
      [name, theirs],
      [name, `{${theirs}}`],
      [name, `${theirs}, ${theirs}`],
      [name, `${theirs}\0`],
      [name, `urn:uuid:${theirs}`],
      [name.replaceAll('-', '_'), theirs],
    );
  });

/** Headers beside those of a valid request, never in their place. */
export const oddHeaders: Arbitrary<Header> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...OTHERS) },
  { weight: 2, arbitrary: tenants },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(
        'X-Request-Id',
        'Idempotency-Key',
        'Accept',
        'Content-Type',
        'X-Other',
        'Last-Event-ID',
      ),
      oddTexts,
    ),
  },
);
