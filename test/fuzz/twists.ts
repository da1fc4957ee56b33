import fc, { type Arbitrary } from 'fast-check';
import { oddTexts } from './odd-texts';

const ENDINGS = [
  '/',
  '//',
  '/.',
  '/..',
  '/../',
  '..;/',
  ';a=b',
  '%00',
  '%ff',
  '%2F',
  '%2f..%2f',
  '%',
  '%zz',
  '%u0041',
  '#x',
  '\\',
  '.json',
  '*',
  ' ',
  '\t',
  '\0',
  '%0d%0aX-Injected:%20yes',
  'é',
  '?',
];

/** Paths that no route has, but that something on the way might take for one. */
const KNOWN = [
  '/',
  '//',
  '*',
  '/api',
  '/api/v1',
  '/api/v1/',
  '/api/v2/data-imports',
  '/API/V1/DATA-IMPORTS',
  '//api/v1/data-imports',
  '/api//v1/data-imports',
  '/api/v1/../v1/data-imports',
  '/docs',
  '/docs/',
  '/docs/json',
  '/docs/swagger-ui-init.js',
  '/docs/..%2f..%2fpackage.json',
  '/docs/../../package.json',
  '/docs/%2e%2e/%2e%2e/package.json',
  '/docs/swagger-ui.css%00',
  '/docs/%',
  '/docs-json',
  '/package.json',
  '/.env',
  '/favicon.ico',
  '/__proto__',
  '/constructor',
  'http://x/api/v1/data-imports',
  'http:///api/v1/data-imports',
  'x:443',
  'api/v1/data-imports',
  '',
];

const HOW = {
  // %61 for a
  encode: (path, at) => change(path, at, (char) => `%${hex(char)}`),
  encodeTwice: (path, at) => change(path, at, (char) => `%25${hex(char)}`),
  upperCase: (path, at) => change(path, at, (char) => char.toUpperCase()),
  splitHere: (path, at) => change(path, at, (char) => `${char}/`),
  leaveOut: (path, at) => change(path, at, () => ''),
  doubleSlash: (path, at) => slash(path, at, '//'),
  dot: (path, at) => slash(path, at, '/./'),
  encodedSlash: (path, at) => slash(path, at, '%2F'),
  backAndForth: (path, at) => slash(path, at, '/x/../'),
  parameterOfSegment: (path, at) => slash(path, at, ';a=b/'),
  end: (path, at) => path + ENDINGS[at % ENDINGS.length]!,
  segment: (path, at, text) => segment(path, at, encodeOdd(text)),
  bareSegment: (path, at, text) => segment(path, at, text),
  longSegment: (path, at) => segment(path, at, 'x'.repeat(at * 100)),
  whole: (_path, at) => KNOWN[at % KNOWN.length]!,
} satisfies Record<string, (path: string, at: number, text: string) => string>;

/** A path written otherwise, so that it still is the same route, or no longer. */
export interface Twist {
  how: keyof typeof HOW;
  at: number;
  text: string;
}

export const twists: Arbitrary<Twist> = fc.record({
  how: fc.constantFrom(...(Object.keys(HOW) as Twist['how'][])),
  at: fc.nat({ max: 200 }),
  text: oddTexts,
});

/** Applied when ids are in place, so that it hits an id as well as a word. */
export function twistPath(path: string, { how, at, text }: Twist): string {
  return HOW[how](path, at, text);
}

/** As a URL holds it; halves of surrogate pairs have no such form. */
export function encodeOdd(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function change(path: string, n: number, to: (char: string) => string): string {
  const place = path === '' ? 0 : n % path.length;
  return path.slice(0, place) + to(path.charAt(place)) + path.slice(place + 1);
}

function slash(path: string, n: number, by: string): string {
  const places = path.split('/');
  const place = n % Math.max(1, places.length - 1);
  return places.map((part, i) => (i === 0 ? part : (i - 1 === place ? by : '/') + part)).join('');
}

function segment(path: string, n: number, text: string): string {
  const segments = path.split('/');
  segments[n % segments.length] = text;
  return segments.join('/');
}

function hex(char: string): string {
  return (char.charCodeAt(0) & 255).toString(16).padStart(2, '0');
}
