import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Column, PrimaryColumn } from 'typeorm';

const API_TYPES = {
  uuid: { type: 'string', format: 'uuid' },
  text: { type: 'string' },
  integer: { type: 'integer' },
  'double precision': { type: 'number' },
  bigint: { type: 'integer' },
  boolean: { type: 'boolean' },
  timestamptz: { type: 'string', format: 'date-time' },
  jsonb: { type: 'object', additionalProperties: true },
} as const satisfies Record<string, ApiPropertyOptions>;

type SqlType = keyof typeof API_TYPES;

interface ColumnFacts {
  nullable?: boolean;
  example?: unknown;
  description?: string;
  enum?: readonly string[];
  /** Overrides the type that the SQL type stands for: jsonb holds lists as well as objects. */
  api?: ApiPropertyOptions;
}

// pg hands out bigint as text. Ours count bytes and stay far below 2^53.
const bigintAsNumber = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};

/** A column that the API shows under the same name: rows are answers, and nothing maps one to the other. */
export function ApiColumn(sqlType: SqlType, facts: ColumnFacts = {}): PropertyDecorator {
  const { nullable = false, example, description, api } = facts;
  return applyDecorators(
    Column({ type: sqlType, nullable, ...(sqlType === 'bigint' && { transformer: bigintAsNumber }) }),
    ApiProperty({
      ...API_TYPES[sqlType],
      nullable,
      ...(example !== undefined && { example }),
      ...(description !== undefined && { description }),
      ...(facts.enum && { enum: [...facts.enum] }),
      ...api,
    } as ApiPropertyOptions),
  );
}

/** A column of the primary key. */
export function ApiKeyColumn(description: string): PropertyDecorator {
  return applyDecorators(
    PrimaryColumn('uuid'),
    ApiProperty({ ...API_TYPES.uuid, description, example: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d' }),
  );
}
