import { DomainError } from './domain-error';

/** The request is sound but the state forbids it now (HTTP 409). */
export class ConflictError extends DomainError {}
