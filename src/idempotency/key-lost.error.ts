import { ConflictError } from '../errors/conflict.error';

/** Another request has taken over: roll back and leave the work to it (HTTP 409). */
export class KeyLostError extends ConflictError {
  constructor() {
    super('Another request with this Idempotency-Key has taken over.');
  }
}
