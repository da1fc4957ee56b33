import { METHODS } from 'node:http';
import fc, { type Arbitrary } from 'fast-check';
import type { Operation, Parameter, Schema } from './api-operations';
import type { Framing, FuzzRequest, Piece } from './fuzz-request';
import { mostly } from './mostly';
import type { OddFile } from './odd-files';
import { oddForms } from './odd-forms';
import { type Header, oddHeaders } from './odd-headers';
import { jsonText, oddBodies, oddInside } from './odd-json';
import { encodeOdd, type Twist, twists } from './twists';
import { oddTexts } from './odd-texts';
import { idToken } from './planted-ids';
import { schemaValues } from './schema-values';

interface Body {
  type: string | null;
  content: Piece[] | null;
}

const ODD_METHODS = ['get', 'FOO', 'GET\t', ''];
const FRAMINGS: Framing[] = ['chunked', 'both', 'short', 'none', 'cut'];
/** Above any number of things that are planted, so that each is named. */
const NTH = fc.nat({ max: 200 });

const ODD_QUERIES = [
  '__proto__[a]=1',
  'constructor.prototype.a=1',
  'page[]=1',
  'page[$gt]=1',
  'page=1&page=2',
  'filename=a.csv&filename=b.csv',
  '%70age=1',
  'page=%ff',
  'page=%',
  'page=1%00',
  'page=1%0d%0aX-Injected:%20yes',
  '=1',
  '&&&',
  '?',
  'page=1#x',
  'page=1;page_size=2',
  `page=${'1'.repeat(5000)}`,
  'client_account_id=1',
  'a=1&'.repeat(1100),
];

/** Requests for every operation: as documented, but in a place or two. */
export function fuzzRequests(operations: Operation[], files: Arbitrary<OddFile>): Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...operations.map((operation) => ({
      // Where there is more to say there is more to go wrong.
      weight: Object.keys(operation.bodies).length > 0 ? 4 : 1,
      arbitrary: requestsFor(operation, files),
    })),
  );
}

function requestsFor(operation: Operation, files: Arbitrary<OddFile>): Arbitrary<FuzzRequest> {
  const oddMethods = fc.constantFrom('HEAD', 'OPTIONS', ...METHODS, ...ODD_METHODS);
  return fc
    .record({
      // HEAD is a way to ask for what GET answers, and more often asked than other wrong methods.
      method: mostly(fc.constant(operation.method), fc.oneof(fc.constant('HEAD'), oddMethods), 8),
      path: pathsOf(operation),
      twists: mostly(fc.constant<Twist[]>([]), fc.array(twists, { minLength: 1, maxLength: 2 }), 5),
      query: queriesOf(operation),
      headers: headersOf(operation),
      body: bodiesOf(operation, files),
      framing: mostly(fc.constant<Framing>('length'), fc.constantFrom(...FRAMINGS), 30),
    })
    .map(({ headers, body, ...rest }) => ({
      ...rest,
      headers: body.type === null ? headers : [...headers, ['Content-Type', body.type] satisfies Header],
      body: body.content,
      template: operation.template,
    }));
}

function pathsOf({ template, parameters }: Operation): Arbitrary<string> {
  const names = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  if (names.length === 0) return fc.constant(template);
  const filled = (ids: Record<string, string>) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => encodeOdd(ids[name]!));
  const own = NTH.map((nth) => filled(tokens('own', nth)));
  const foreign = NTH.map((nth) => filled(tokens('foreign', nth)));
  const mixed = fc
    .tuple(
      NTH,
      fc.constantFrom(...names),
      fc.oneof(
        oddTexts,
        NTH.map((nth) => idToken('foreign', 'id', nth)),
      ),
    )
    .map(([nth, name, odd]) => filled({ ...tokens('own', nth), [name]: odd }));
  return mostly(own, fc.oneof(foreign, mixed), 4);

  function tokens(owner: 'own' | 'foreign', nth: number): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, idToken(owner, name, nth, template)]));
  }
}

function queriesOf({ parameters }: Operation): Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  // All ten of an upload at once would never fit its file.
  const oneIn = known.length > 4 ? 6 : 2;
  const pairs = known.map((parameter) => mostly<string | null>(fc.constant(null), pairOf(parameter), oneIn));
  return fc
    .tuple(
      fc.tuple(...pairs),
      mostly(fc.constant(''), fc.oneof(fc.constantFrom(...ODD_QUERIES), oddTexts.map(encodeOdd)), 12),
    )
    .map(([given, odd]) => {
      const all = [...given.filter((pair) => pair !== null), ...(odd === '' ? [] : [odd])];
      return all.length === 0 ? '' : `?${all.join('&')}`;
    });
}

function pairOf({ name, schema }: Parameter): Arbitrary<string> {
  const meant = schemaValues(schema, name).map((value) => `${name}=${encodeOdd(String(value))}`);
  const odd = fc.oneof(
    oddTexts.map((text) => `${name}=${encodeOdd(text)}`),
    NTH.map((nth) => `${name}=${idToken('foreign', name, nth)}`),
    meant.map((pair) => `${pair}&${pair}`),
    meant.map((pair) => pair.replace('=', '[]=')),
  );
  return mostly(meant, odd, 8);
}

function headersOf({ parameters }: Operation): Arbitrary<Header[]> {
  const known = parameters.filter((parameter) => parameter.in === 'header');
  const required = known
    .filter((parameter) => parameter.required)
    .map(({ name }): Header => [name, ownTenants(name)]);
  const wrong = fc
    .tuple(fc.nat({ max: Math.max(0, required.length - 1) }), fc.option(oddTexts, { freq: 2 }))
    .map(([at, text]) =>
      required.flatMap(([name, id], i): Header[] =>
        i !== at ? [[name, id]] : text === null ? [] : [[name, text]],
      ),
    );
  const optional = known
    .filter((parameter) => !parameter.required)
    .map((parameter) =>
      fc.option(
        mostly(schemaValues(parameter.schema, parameter.name) as Arbitrary<string>, oddTexts, 4).map(
          (value): Header => [parameter.name, value],
        ),
        { freq: 1, nil: null },
      ),
    );
  return fc
    .tuple(
      mostly(fc.constant(required), wrong, 20),
      fc.tuple(...optional),
      mostly(fc.constant<Header[]>([]), fc.array(oddHeaders, { minLength: 1, maxLength: 3 }), 5),
    )
    .map(([tenant, others, odd]) => [
      ...tenant,
      ...others.filter((header) => header !== null),
      // Beside half of our own a foreign id would select that tenant.
      ...odd.filter(([, value]) => tenant === required || !value.includes('~foreign~')),
    ]);
}

function ownTenants(header: string): string {
  return idToken('own', header.slice(2).toLowerCase().replaceAll('-', '_'), 0);
}

function bodiesOf({ bodies, method }: Operation, files: Arbitrary<OddFile>): Arbitrary<Body> {
  const json = bodies['application/json'];
  if (json) return jsonBodies(json);
  if ('multipart/form-data' in bodies) return uploads(files);
  const none: Body = { type: null, content: null };
  const some = jsonBodies({ type: 'object', properties: {} });
  return mostly(fc.constant(none), some, method === 'GET' ? 40 : 4);
}

function jsonBodies(schema: Schema): Arbitrary<Body> {
  const type = 'application/json';
  const meant = schemaValues(schema, '');
  const body = (value: unknown): Body => ({ type, content: [jsonText(value)] });
  return mostly(
    meant.map(body),
    fc.oneof(
      { weight: 3, arbitrary: meant.chain(oddInside).map(body) },
      {
        weight: 1,
        arbitrary: meant.chain((value) => oddBodies(jsonText(value))).map((content) => ({ type, content })),
      },
    ),
    2,
  );
}

function uploads(files: Arbitrary<OddFile>): Arbitrary<Body> {
  const content = (bytes: Buffer): Piece[] => [{ base64: bytes.toString('base64') }];
  const types = fc.constantFrom(
    'text/csv',
    'application/json',
    'application/gzip',
    'text/csv; charset=utf-16',
    'x',
    '',
  );
  return fc.oneof(
    {
      weight: 2,
      arbitrary: files.chain(oddForms).map(({ type, bytes }) => ({ type, content: content(bytes) })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(types, files).map(([type, { bytes }]) => ({ type, content: content(bytes) })),
    },
  );
}
