import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Settings } from '../config/settings';

/** What a line of the log says of its request. Never a body, a query or a credential: those hold inventories. */
function requestLine(request: IncomingMessage & { id?: unknown; originalUrl?: string }) {
  return { id: request.id, method: request.method, path: (request.originalUrl ?? request.url)?.split('?', 1)[0] };
}

export const LoggingModule = {
  /** JSON in production, readable lines in development. Every line of a request carries its id and tenant. */
  register({ NODE_ENV, LOG_LEVEL }: Settings): DynamicModule {
    return LoggerModule.forRoot({
      pinoHttp: {
        level: LOG_LEVEL,
        ...(NODE_ENV === 'development' && {
          transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname' } },
        }),
        // Probes come every few seconds and would drown the rest.
        autoLogging: { ignore: ({ url }) => /\/health\/(live|ready)/.test(url ?? '') },
        serializers: {
          req: (request: { raw: Parameters<typeof requestLine>[0] }) => requestLine(request.raw),
          res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
        },
        customProps: ({ headers }) => ({
          client_account_id: headers['x-client-account-id'],
          engagement_id: headers['x-engagement-id'],
        }),
      },
    });
  },
};
