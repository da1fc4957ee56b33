import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './api-operations';
import { mostly } from './mostly';
import { idToken } from './planted-ids';

const LIST = 4;
const TEXT = 40;

/** Values that a schema allows; ids are a tenant's own. */
export function schemaValues(schema: Schema, name: string): Arbitrary<unknown> {
  const values = valuesOf(schema, name);
  return schema.example === undefined || schema.format === 'uuid'
    ? values
    : fc.oneof(fc.constant(schema.example), values);
}

function valuesOf(schema: Schema, name: string): Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return texts(schema, name);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numbers(schema);
    case 'array':
      return fc.array(schemaValues(schema.items ?? {}, name), {
        maxLength: Math.min(LIST, schema.maxItems ?? LIST),
      });
    case 'object':
      return objects(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function texts({ format, pattern, maxLength = TEXT }: Schema, name: string): Arbitrary<string> {
  if (format === 'uuid') return fc.nat({ max: 50 }).map((nth) => idToken('own', name, nth));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(TEXT, maxLength) });
}

/** Both ends and what lies near them, which is small, or a thousand lists of the largest page would be all that is asked. */
function numbers({ type, minimum = 0, maximum = 1000 }: Schema): Arbitrary<number> {
  const near = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 20) });
  const whole = fc.oneof({ weight: 6, arbitrary: near }, { weight: 1, arbitrary: fc.constant(maximum) });
  return type === 'integer' ? whole : mostly(whole, fc.double({ min: minimum, max: maximum, noNaN: true }));
}

function objects({ properties, additionalProperties, required = [] }: Schema): Arbitrary<unknown> {
  if (properties) {
    const known = Object.entries(properties).map(([name, property]) => [name, schemaValues(property, name)]);
    return fc.record(Object.fromEntries(known) as Record<string, Arbitrary<unknown>>, {
      requiredKeys: required,
    });
  }
  const values =
    typeof additionalProperties === 'object' ? schemaValues(additionalProperties, '') : fc.jsonValue();
  return fc.dictionary(fc.string({ minLength: 1, maxLength: TEXT }), values, { maxKeys: LIST });
}
