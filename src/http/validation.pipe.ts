import { type ArgumentMetadata, Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldError, InvalidInputError } from '../errors/invalid-input.error';

/** Checks queries and bodies against their class; what the class does not name is refused by name. */
@Injectable()
export class InputValidationPipe extends ValidationPipe {
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
    return (await super.transform(value, metadata)) as unknown;
  }
}

/** `discovered_assets[17].name`: list positions in brackets, properties after a dot. */
function fieldErrors({ property, constraints, children }: ValidationError, parent: string): FieldError[] {
  const path = parent === '' ? property : /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field: path,
    message: rule === 'whitelistValidation' ? 'is not known here' : message,
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, path))];
}
