import type { IncomingMessage } from 'node:http';
import { type Logger, pino } from 'pino';
import type { Settings } from '../config/settings';
import { errorLine } from './error-line';

/** Headers that hold credentials. None is logged on purpose; this is for the day when somebody logs headers. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'];
const REDACTED = CREDENTIALS.flatMap((name) => ['', '*', '*.*'].map((depth) => `${depth}["${name}"]`));

/** JSON in production, readable lines in development. */
export function createLogger({ NODE_ENV, LOG_LEVEL }: Pick<Settings, 'NODE_ENV' | 'LOG_LEVEL'>): Logger {
  return pino({
    level: LOG_LEVEL,
    redact: REDACTED,
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
