import { DomainError } from './domain-error';

/** The upload, or what it expands to, is over the limit (HTTP 413). */
export class PayloadTooLargeError extends DomainError {}
