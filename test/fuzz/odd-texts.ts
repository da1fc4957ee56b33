import fc from 'fast-check';

/**
 * Texts that mean something to whoever is behind us: SQL, logs, headers, templates, paths, prototypes, numbers.
 * None of them looks like what an answer may not tell, for a text that was stored is answered again.
 */
const KNOWN = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  'undefined',
  'NaN',
  'true',
  '1e400',
  '9223372036854775808',
  '-0',
  '0x10',
  '１２',
  "'",
  "' OR '1'='1",
  "'; DROP TABLE assets; --",
  "' UNION VALUES (NULL, NULL) --",
  "'||pg_sleep(20)||'",
  '1; COMMIT; --',
  '$1',
  '\\',
  '%',
  '%27',
  '%s%s%n',
  '{{7*7}}',
  '${7*7}',
  '${jndi:ldap://x}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/passwd\0.csv',
  '\0',
  'a\0b',
  '\r\nX-Injected: yes',
  'a\r\n\r\nHTTP/1.1 200 OK\r\nX-Injected: yes\r\n\r\n',
  '\n{"level":50,"msg":"unexpected error"}',
  '\u001b[2J',
  '\ud800',
  'a\udc00b',
  '\ufeff',
  '\u202egnp',
  'ﬁ',
  'İ',
  '😀',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '=1+1',
  '11111111-1111-4111-8111-111111111111',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '{11111111-1111-4111-8111-111111111111}',
  '11111111111141118111111111111111',
  'x'.repeat(300),
  'é'.repeat(5000),
];

/** Code units at random, halves of surrogate pairs among them. */
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

export const oddTexts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit, maxLength: 20 }) },
);
