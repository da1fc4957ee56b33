import { DomainError } from './domain-error';

/** The Idempotency-Key belongs to another request (HTTP 422). */
export class KeyReusedError extends DomainError {}
