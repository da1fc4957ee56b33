import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';

/** A request that its client may send again: the key that it chose, and what tells this request from others. */
export class IdempotentRequest {
  readonly fingerprint: string;

  /** @param content what of the request decides about its effect, as JSON; the order of names does not matter. */
  constructor(
    readonly key: string,
    content: unknown,
  ) {
    this.fingerprint = createHash('sha256').update(canonicalJson(content)).digest('hex');
  }

  /** The same request, once more of its content is known: an upload's bytes have been read, for one. */
  with(content: object): IdempotentRequest {
    return new IdempotentRequest(this.key, [this.fingerprint, content]);
  }
}
