import type { IncomingMessage } from 'node:http';
import { type Logger, pino } from 'pino';
import type { Settings } from '../config/settings';

/** JSON in production, readable lines in development. */
export function createLogger({ NODE_ENV, LOG_LEVEL }: Pick<Settings, 'NODE_ENV' | 'LOG_LEVEL'>): Logger {
  return pino({
    level: LOG_LEVEL,
    serializers: {
      req: requestLine,
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      err: errorLine,
    },
    ...(NODE_ENV === 'development' && {
      transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname' } },
    }),
  });
}

/** What a line of the log says of its request. Never a body, a query or a credential: those hold inventories. */
function requestLine(request: IncomingMessage & { id?: unknown; originalUrl?: string }) {
  return {
    id: request.id,
    method: request.method,
    path: (request.originalUrl ?? request.url)?.split('?', 1)[0],
  };
}

/** What went wrong and where. A database error's detail, statement and parameters quote rows, and stay out. */
function errorLine(error: unknown) {
  if (!(error instanceof Error)) return error;
  const { code, constraint, table } = error as { code?: string; constraint?: string; table?: string };
  return { type: error.name, message: error.message, stack: error.stack, code, constraint, table };
}
