import { DomainError } from './domain-error';

/** Whoever asks is known, and may not. */
export class ForbiddenError extends DomainError {
  /** What WWW-Authenticate says (RFC 6750). */
  readonly challenge: string;

  /** @param scope that would have allowed it, where it is for want of one. */
  constructor(message: string, scope: string | null = null) {
    super(message);
    this.challenge = `Bearer error="insufficient_scope"${scope === null ? '' : `, scope="${scope}"`}`;
  }
}
