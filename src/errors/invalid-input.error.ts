import { DomainError } from './domain-error';

export interface FieldError {
  field: string;
  message: string;
}

/** Input that names a wrong field, parameter or header (HTTP 400); every fault found is listed. */
export class InvalidInputError extends DomainError {
  constructor(readonly errors: FieldError[]) {
    super(errors.map(({ field, message }) => `${field}: ${message}`).join('; '));
  }
}
