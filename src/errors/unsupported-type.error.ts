import { DomainError } from './domain-error';

/** A kind of file that is no inventory (HTTP 415). */
export class UnsupportedTypeError extends DomainError {}
