import { DomainError } from './domain-error';

export interface FieldError {
  field: string;
  message: string;
}

/** More help nobody; without an end an answer could be many times as large as its request. */
const MAX_LISTED = 100;

/** Input that names a wrong field, parameter or header (HTTP 400); the first hundred faults found are listed. */
export class InvalidInputError extends DomainError {
  readonly errors: FieldError[];

  constructor(found: FieldError[]) {
    const errors = found.slice(0, MAX_LISTED);
    const texts = errors.map(({ field, message }) => `${field}: ${message}`);
    if (found.length > errors.length) texts.push(`and ${found.length - errors.length} more`);
    super(texts.join('; '));
    this.errors = errors;
  }
}
