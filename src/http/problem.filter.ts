import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { databaseErrorKind } from '../database/database-error-kind';
import { LockBusyError } from '../database/lock-busy.error';
import { ConflictError } from '../errors/conflict.error';
import { DomainError } from '../errors/domain-error';
import { ForbiddenError } from '../errors/forbidden.error';
import { InvalidInputError } from '../errors/invalid-input.error';
import { KeyReusedError } from '../errors/key-reused.error';
import { NotFoundError } from '../errors/not-found.error';
import { PayloadTooLargeError } from '../errors/payload-too-large.error';
import { TooManyRequestsError } from '../errors/too-many-requests.error';
import { UnauthorizedError } from '../errors/unauthorized.error';
import { UnavailableError } from '../errors/unavailable.error';
import { UnreadableFileError } from '../errors/unreadable-file.error';
import { UnsupportedTypeError } from '../errors/unsupported-type.error';
import type { Problem } from './problem';

type Answer = Pick<Problem, 'status' | 'detail' | 'errors'> & {
  retryAfterSeconds?: number;
  challenge?: string;
};

const RETRY_AFTER_SECONDS = 5;

const STATUS_OF: readonly [abstract new (...args: never[]) => DomainError, number][] = [
  [InvalidInputError, 400],
  [UnauthorizedError, 401],
  [ForbiddenError, 403],
  [NotFoundError, 404],
  [ConflictError, 409],
  [PayloadTooLargeError, 413],
  [UnsupportedTypeError, 415],
  [KeyReusedError, 422],
  [UnreadableFileError, 422],
  [TooManyRequestsError, 429],
  [UnavailableError, 503],
];

/** Turns every error into problem+json. What it does not know is a 500 that tells nothing but the request's id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // Its connection broke, which looks just like the database's, and nobody is left to read the answer.
    const isCutOff = request.raw.readableAborted || (reply.raw.destroyed && isBrokenStream(error));
    const answer = isCutOff ? { status: 400, detail: 'The request was cut off.' } : this.answer(error);
    sendProblem(request, reply, answer);
  }

  private answer(error: unknown): Answer {
    if (error instanceof DomainError) {
      // Its caller is told that something is away; only the log can say why.
      if (error instanceof UnavailableError && error.cause !== undefined)
        this.logger.warn({ err: error.cause }, error.message);
      const status = STATUS_OF.find(([type]) => error instanceof type)?.[1] ?? 500;
      return {
        status,
        detail: error.message,
        ...(error instanceof InvalidInputError && { errors: error.errors }),
        ...((error instanceof UnauthorizedError || error instanceof ForbiddenError) && {
          challenge: error.challenge,
        }),
        ...(error instanceof TooManyRequestsError && { retryAfterSeconds: error.retryAfterSeconds }),
      };
    }
    if (error instanceof HttpException) return { status: error.getStatus(), detail: error.message };
    const kind = error instanceof LockBusyError ? 'timeout' : databaseErrorKind(error);
    if (kind !== null && kind !== 'fault' && kind !== 'data') {
      this.logger.warn({ err: error }, 'database unavailable');
      return { status: 503, detail: 'The database cannot answer now. Try again later.' };
    }
    if (isClientError(error)) return { status: error.statusCode, detail: error.message };
    this.logger.error({ err: error }, 'unexpected error');
    return { status: 500, detail: 'Something failed that should not. The log has it under the request_id.' };
  }
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    status,
    detail,
    errors,
    challenge,
    retryAfterSeconds = status === 503 ? RETRY_AFTER_SECONDS : undefined,
  }: Answer,
): void {
  // A request that reached no route passed no hook either.
  void reply.header('x-request-id', request.id);
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
  if (challenge !== undefined) void reply.header('www-authenticate', challenge);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance: request.url.split('?', 1)[0] ?? '/',
    request_id: request.id,
    ...(errors && { errors }),
  };
  // Written as bytes: with an object Fastify would look for a serialiser and set its own content type.
  void reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** What Fastify makes of an answer that streams when its client hangs up before it began. */
function isBrokenStream(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Fastify's own refusals: malformed JSON, a body over the limit, an unknown media type, a bad URL. */
function isClientError(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}
