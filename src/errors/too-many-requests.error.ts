import { DomainError } from './domain-error';

/** Whoever asks has asked too often (HTTP 429 with Retry-After). */
export class TooManyRequestsError extends DomainError {
  constructor(
    detail: string,
    readonly retryAfterSeconds: number,
  ) {
    super(detail);
  }
}
