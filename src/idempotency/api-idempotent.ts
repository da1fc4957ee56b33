import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors';

/** Documents a route that takes an `Idempotency-Key`. */
export function ApiIdempotent() {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Makes it safe to send the request again: for 24 hours the same key gets the first answer, with ' +
        '`Idempotency-Replayed: true`, and nothing is done twice. 409 while the first is still running, 422 when the ' +
        'key was used for another request. A request that failed leaves its key free.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
    }),
    ApiErrors(409, 422),
  );
}
