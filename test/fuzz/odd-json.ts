import fc, { type Arbitrary } from 'fast-check';
import type { Piece } from './fuzz-request';
import { oddTexts } from './odd-texts';
import { idToken } from './planted-ids';

/** A text that stands for JSON that no serialiser writes; `jsonText` takes its quotes away. */
const VERBATIM = [
  '1e400',
  '-1e-400',
  '-0',
  '123456789012345678901234567890',
  '0.1e1',
  'NaN',
  '01',
  '"\\ud800"',
  '"\\u0000"',
];

const oddValues: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: oddTexts },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], [null]),
  },
  { weight: 2, arbitrary: fc.constantFrom(...VERBATIM).map((text) => `~verbatim~${text}~`) },
  { weight: 2, arbitrary: fc.nat({ max: 50 }).map((nth) => idToken('foreign', 'id', nth)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('__proto__', 'constructor', 'toString', 'bogus', '', '\0', '\ud800'),
        fc.jsonValue({ maxDepth: 1 }),
      )
      .map(([name, value]) => Object.fromEntries([[name, value]])),
  },
);

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'id',
  'client_account_id',
  'engagement_id',
  'bogus',
  '',
];

/** A body that a route takes, with something odd in one place. */
export function oddInside(value: unknown): Arbitrary<unknown> {
  const places = placesOf(value);
  return fc.oneof(
    fc.tuple(fc.constantFrom(...places), oddValues).map(([place, odd]) => replaced(value, place, odd)),
    fc
      .tuple(fc.constantFrom(...NAMES), oddValues)
      .map(([name, odd]) => Object.fromEntries([...Object.entries(value as object), [name, odd]]) as unknown),
    oddValues,
  );
}

export function jsonText(value: unknown): string {
  return ((JSON.stringify(value) as string | undefined) ?? '').replace(
    /"~verbatim~(.*?)~"/g,
    (_, text: string) => (JSON.parse(`"${text}"`) as string).replace(/^"(.*)"$/s, '"$1"'),
  );
}

/** Bodies that are odd as texts: cut off, doubled, in other encodings, deep, large. */
export function oddBodies(text: string): Arbitrary<Piece[]> {
  const name = /^\{"(\w+)"/.exec(text)?.[1] ?? 'name';
  const small: Piece[][] = [
    [''],
    [text.slice(0, -1)],
    [text, text],
    [`\ufeff${text}`],
    [text.replace(/^\{/, `{"${name}":null,`)],
    [text.replace(/\}$/, ',"__proto__":{"admin":true}}')],
    [`[${text}]`],
    [`/* */${text}`],
    [`"${name}"`],
    ['null'],
    [`)]}',\n${text}`],
    [{ base64: Buffer.from(text, 'utf16le').toString('base64') }],
    [{ base64: Buffer.from('{"flow_name":"\xed\xa0\x80\xff"}', 'latin1').toString('base64') }],
    [`${name}=x&__proto__[a]=b`],
    ['<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    [
      { repeat: '[', times: 100_000 },
      { repeat: ']', times: 100_000 },
    ],
    [`{"${name}":`, { repeat: '{"a":', times: 63 }, '1', { repeat: '}', times: 63 }, '}'],
    [`{"${name}":`, { repeat: '[', times: 50_000 }, { repeat: ']', times: 50_000 }, '}'],
    [`{`, { repeat: '"a":1,', times: 20_000 }, '"b":1}'],
    [`{"${name}":[`, { repeat: '{},', times: 10_001 }, '{}]}'],
  ];
  const large: Piece[][] = [
    [`{"${name}":"`, { repeat: 'x', times: 10_000_000 }, '"}'],
    [`{"${name}":[`, { repeat: '{"name":"x","asset_type":"server"},', times: 280_000 }, 'null]}'],
    [`{"${name}":{`, { repeat: '"\\u0061":"\\ud800",', times: 500_000 }, '"b":1}}'],
    [`{"${name}":"`, { repeat: 'x', times: 17_000_000 }, '"}'],
    [{ repeat: ' ', times: 10_000_000 }, text],
  ];
  return fc.oneof(
    { weight: 100, arbitrary: fc.constantFrom(...small) },
    { weight: 3, arbitrary: fc.constantFrom(...large) },
  );
}

type Place = (string | number)[];

function placesOf(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...place, name]))];
}

function replaced(value: unknown, [name, ...rest]: Place, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === name ? replaced(item, rest, by) : item) as unknown);
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => [
      key,
      key === name ? replaced(inner, rest, by) : (inner as unknown),
    ]),
  );
}
