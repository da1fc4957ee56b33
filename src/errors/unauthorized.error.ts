import { DomainError } from './domain-error';

/** Nobody has shown who they are, or what they showed is not to be trusted. */
export class UnauthorizedError extends DomainError {
  /** What WWW-Authenticate says (RFC 6750): a request without a token is told no error, only what to bring. */
  readonly challenge: string;

  constructor(error: 'invalid_token' | null = null, reason = '') {
    super(error === null ? 'A bearer token is needed.' : `The bearer token is refused: ${reason}.`);
    this.challenge =
      error === null
        ? 'Bearer'
        : `Bearer error="${error}", error_description="${reason.replaceAll('"', "'")}"`;
  }
}
