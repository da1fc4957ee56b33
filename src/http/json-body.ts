import type { FastifyInstance } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';
import { countJsonValues } from './count-json-values';

/** Far beyond any request of ours, and far from the depth at which recursion over a body runs out of stack. */
const MAX_DEPTH = 64;

/** 10,000 assets with all their fields and seventy attributes each: sixteen bytes of the largest body for a value. */
const MAX_VALUES = 1_000_000;

/** As long as the header of a column may be that a mapping names. */
const MAX_NAME = 10_000;

/** Names by which libraries that read an object of the client's can be made to reach its prototype or its class. */
const REFUSED_NAMES = new Set(['__proto__', 'constructor']);

/**
 * Bodies of the API are JSON and nothing else: a form or a plain text would be read by rules that no route documents.
 * A body of too many values is refused before they are built, one that is nested too deep, or holds a refused name at
 * any depth, with the place.
 */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parse(text as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

function parse(text: string): unknown {
  if (text === '') throw wrong('body', 'is empty, though its type says JSON');
  if (countJsonValues(text, MAX_VALUES) > MAX_VALUES)
    throw wrong('body', `holds more than ${MAX_VALUES} values`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw wrong('body', 'is not valid JSON');
  }
  check(value, '', 0);
  return value;
}

function check(value: unknown, path: string, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw wrong(path.slice(0, 100), `is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      check(item, `${path}[${i}]`, depth + 1);
    });
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    if (name.length > MAX_NAME) {
      throw wrong(`${path}.${name.slice(0, 100)}`, `is a name of more than ${MAX_NAME} characters`);
    }
    const place = path === '' ? name : `${path}.${name}`;
    if (REFUSED_NAMES.has(name)) throw wrong(place, 'is not a name that is taken here');
    check(item, place, depth + 1);
  }
}

function wrong(field: string, message: string): InvalidInputError {
  return new InvalidInputError([{ field, message }]);
}
