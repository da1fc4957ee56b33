import { isPlaceholder } from './is-placeholder';

it.each([
  ...[
    'n/a',
    'localhost',
    'localhost.localdomain',
    'to be filled by o.e.m.',
    'default string',
    '0',
    '0000',
    'xx-xx',
  ],
  ...[
    '???',
    '-',
    '127.0.0.1',
    '::1',
    '::',
    '0.0.0.0',
    '169.254.3.4',
    'fe80::1',
    'unknown',
    'none',
    '00:00:00:00',
    '9.13e+11',
  ],
])('%j says nothing about which machine it is', (value) => {
  expect(isPlaceholder(value)).toBe(true);
});

it.each(['web-01', 'a', 'x', 'test', '10.0.0.1', '2001:db8::1', 'localhost-7', 'ü', '07', 'x0y'])(
  '%j may be a machine',
  (value) => {
    expect(isPlaceholder(value)).toBe(false);
  },
);
