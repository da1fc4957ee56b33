import { DomainError } from './domain-error';

/** Something that the service needs is away for now (HTTP 503 with Retry-After). */
export class UnavailableError extends DomainError {}
