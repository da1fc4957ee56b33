import type { FieldError } from '../errors/invalid-input.error';

/**
 * Properties of a request, and of the objects in its lists, that class-transformer drops without a word, since every
 * object inherits one of their name (`toString`, in a query `__proto__`): no request of ours has one. Names inside an object
 * are the client's own and not looked at.
 */
export function inheritedNames(value: object, path = ''): FieldError[] {
  return Object.entries(value).flatMap(([name, property]: [string, unknown]) => {
    const field = `${path}${name}`;
    if (name in Object.prototype) return [{ field, message: 'is not known here' }];
    if (path !== '' || !Array.isArray(property)) return [];
    return property.flatMap((item: unknown, i) =>
      typeof item === 'object' && item !== null ? inheritedNames(item, `${field}[${i}].`) : [],
    );
  });
}
