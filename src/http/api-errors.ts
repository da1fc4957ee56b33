import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem } from './problem';

/** Documents the error answers of a route. Every one of them is a problem document. */
export function ApiErrors(...statuses: number[]) {
  return applyDecorators(
    ApiExtraModels(Problem),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: STATUS_CODES[status] ?? 'Error',
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
      }),
    ),
  );
}

function ApiTooManyRequests() {
  return ApiResponse({
    status: 429,
    description: 'More requests than RATE_LIMIT_PER_MINUTE allows.',
    headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
  });
}

const EXAMPLE_ID = '11111111-1111-4111-8111-111111111111';

/** Documents what every tenant route has in common. */
export function ApiTenant() {
  const header = { required: true, schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID } } as const;
  return applyDecorators(
    ApiHeader({ name: 'X-Client-Account-Id', ...header }),
    ApiHeader({ name: 'X-Engagement-Id', ...header }),
    ApiBearerAuth(),
    ApiErrors(400, 401, 403, 500, 503),
    ApiTooManyRequests(),
  );
}
