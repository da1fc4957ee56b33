import {
  type ArgumentMetadata,
  Injectable,
  type Type,
  type ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import { type FieldError, InvalidInputError } from '../errors/invalid-input.error';
import { inheritedNames } from './inherited-names';

/** The longest list of any request. Each item is built and checked on its own, before the rules of its list are. */
const MAX_ITEMS = 10_000;
/** No request of ours, and no item of one, has as many properties of our naming. */
const MAX_PROPERTIES = 50;

/** Checks queries and bodies against their class; what the class does not name is refused by name. */
@Injectable()
export class InputValidationPipe extends ValidationPipe {
  /** Classes of queries in which nothing has to be given, as was seen when nothing was. */
  private readonly optional = new WeakSet<Type>();

  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new InvalidInputError(errors.flatMap((error) => fieldErrors(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // class-validator takes a list for a list of valid objects.
    if (metadata.type === 'body' && value != null && (typeof value !== 'object' || Array.isArray(value))) {
      throw new InvalidInputError([{ field: 'body', message: 'must be a JSON object' }]);
    }
    if (
      (metadata.type === 'body' || metadata.type === 'query') &&
      typeof value === 'object' &&
      value !== null
    ) {
      requireFewProperties(value, metadata.type);
      const errors = [...inheritedNames(value), ...listErrors(value, metadata.type)];
      if (errors.length > 0) throw new InvalidInputError(errors);
    }
    const { type, metatype } = metadata;
    const isEmptyQuery = type === 'query' && metatype !== undefined && isEmpty(value);
    // As most are. To transform nothing and check it takes as long as all the rest of a cached answer.
    if (isEmptyQuery && this.optional.has(metatype)) return new metatype();
    const transformed = (await super.transform(value, metadata)) as unknown;
    if (isEmptyQuery) this.optional.add(metatype);
    return transformed;
  }

  /** Nest would delete such names in silence; the reader of bodies has refused them already. */
  protected override stripProtoKeys(): void {
    // Nothing is left to strip.
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Each unknown one would be an error of its own. */
function requireFewProperties(value: object, field: string): void {
  if (Object.keys(value).length <= MAX_PROPERTIES) return;
  throw new InvalidInputError([{ field, message: `must have at most ${MAX_PROPERTIES} properties` }]);
}

/** A query names nothing twice; a body's lists hold objects, for which class-validator takes lists too. */
function listErrors(value: object, type: 'body' | 'query'): FieldError[] {
  return Object.entries(value).flatMap(([field, items]: [string, unknown]) => {
    if (!Array.isArray(items)) return [];
    if (type === 'query') return [{ field, message: 'must be given once' }];
    if (items.length > MAX_ITEMS) return [{ field, message: `must hold at most ${MAX_ITEMS} items` }];
    return items.flatMap((item, i) => {
      const place = `${field}[${i}]`;
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        return [{ field: place, message: 'must be an object' }];
      }
      requireFewProperties(item as object, place);
      return [];
    });
  });
}

/** `discovered_assets[17].name`: list positions in brackets, properties after a dot. */
function fieldErrors({ property, constraints, children }: ValidationError, parent: string): FieldError[] {
  const path =
    parent === '' ? property : /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field: path,
    message: rule === 'whitelistValidation' ? 'is not known here' : message,
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, path))];
}
