import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsDate, IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

// Query values arrive as text. Implicit conversion would make `?force=false` true, so each kind reads its own.

/** A whole number within limits. */
export function QueryInteger(limits: {
  minimum: number;
  maximum: number;
  default: number;
}): PropertyDecorator {
  const { minimum, maximum } = limits;
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', ...limits }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt({ message: 'must be a whole number' }),
    Min(minimum, { message: `must be at least ${minimum}` }),
    Max(maximum, { message: `must be at most ${maximum}` }),
  );
}

/** `true` or `false`, nothing else. */
export function QueryFlag(description?: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'boolean', ...(description !== undefined && { description }) }),
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    IsOptional(),
    IsBoolean({ message: 'must be true or false' }),
  );
}

export function QueryUuid(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'uuid', description }),
    IsOptional(),
    IsUUID('all', { message: 'must be a UUID' }),
  );
}

export function QueryWord(words: readonly string[], description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ enum: [...words], description }),
    IsOptional(),
    IsIn([...words], { message: `must be one of ${words.join(', ')}` }),
  );
}

/** A moment with its offset: ISO 8601 as our own answers have it. A day without a time is another one in each zone. */
export function QueryTime(description: string, example: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'date-time', description, example }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && MOMENT.test(value) ? new Date(value) : value,
    ),
    IsOptional(),
    IsDate({ message: 'must be a time such as 2026-03-01T00:00:00Z' }),
  );
}

/** Years of four digits, so that every moment that passes is one that PostgreSQL knows. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/;
