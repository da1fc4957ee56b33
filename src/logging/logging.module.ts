import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { isTenantId } from '../tenancy/is-tenant-id';

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
          client_account_id: tenantId(headers['x-client-account-id']),
          engagement_id: tenantId(headers['x-engagement-id']),
        }),
      },
    });
  },
};

/** The guard refuses anything else only after this was read, and a credential may have come in the wrong header. */
function tenantId(header: unknown): string | undefined {
  return isTenantId(header) ? header : undefined;
}
