import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';

export const LoggingModule = {
  /** Every line that is written while a request is served carries its id and tenant. */
  register(logger: Logger): DynamicModule {
    return LoggerModule.forRoot({
      pinoHttp: {
        logger,
        wrapSerializers: false,
        // Probes come every few seconds and would drown the rest.
        autoLogging: { ignore: ({ url }) => /\/health\/(live|ready)/.test(url ?? '') },
        customProps: ({ headers }) => ({
          client_account_id: headers['x-client-account-id'],
          engagement_id: headers['x-engagement-id'],
        }),
      },
    });
  },
};
