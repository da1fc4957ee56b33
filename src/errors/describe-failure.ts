import { DatabaseError } from 'pg';
import { DomainError } from './domain-error';

/**
 * A failure in words that may leave the service: SQLSTATE and constraint, never the statement, its detail or the
 * values of a row.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  if (!(error instanceof DatabaseError)) return 'an internal error; the log has it';
  const constraint = error.constraint ? `, constraint ${error.constraint}` : '';
  return `the database refused it (SQLSTATE ${error.code ?? 'unknown'}${constraint})`;
}
