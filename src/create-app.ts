import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Logger as NestLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import type { Settings } from './config/settings';
import { sendProblem } from './http/problem.filter';
import { drainRefusedUploads } from './http/drain-refused-uploads';
import { acceptJsonBodies } from './http/json-body';
import { acceptRawUploads } from './http/raw-upload';
import { refuseExpectations } from './http/refuse-expectations';
import { requireHost } from './http/require-host';
import { serveApiDocs } from './http/serve-api-docs';
import { refuseUnparsable } from './http/unparsable-request';

/** 10,000 assets of a given list fit well; inventories stream and have a limit of their own. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** For the whole request, a large upload over a slow line included. */
const REQUEST_TIMEOUT_MS = 30 * 60 * 1000;

/** As long as Node lets a URL be, so that a parameter of any length is refused by the route that it was meant for. */
const MAX_PARAMETER = 16 * 1024;

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The service over a database that is there and migrated; it does not listen yet. */
export async function createApp(
  settings: Settings,
  databaseUrl: string,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { requireHostHeader: false },
    genReqId: requestId,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    clientErrorHandler: refuseUnparsable,
    // A URL that cannot be decoded never reaches a route, and so never the filter.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(request, reply, { status: error.statusCode ?? 400, detail: error.message });
    },
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  refuseExpectations(fastify.server);
  requireHost(fastify);
  acceptJsonBodies(fastify);
  acceptRawUploads(fastify);
  drainRefusedUploads(fastify);
  // The size of an upload is limited where it is spooled; two files are let in so that the second is refused by name.
  await fastify.register(multipart, { limits: { fileSize: Number.MAX_SAFE_INTEGER, files: 2, fields: 10 } });

  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings, databaseUrl, logger),
    adapter,
    // Nest's own account of how it wires itself helps nobody; what goes wrong is thrown.
    { logger: ['fatal'], abortOnError: false, bodyParser: false },
  );
  app.setGlobalPrefix('api/v1');
  serveApiDocs(app);
  return app;
}

/** @throws Error in one line where host or port are not to be had. */
export async function listen(app: NestFastifyApplication, { HOST, PORT }: Settings): Promise<void> {
  try {
    await app.listen(PORT, HOST);
  } catch (error) {
    await app.close();
    throw explainListenError(error, HOST, PORT);
  }
  app.useLogger(app.get(NestLogger));
}

function explainListenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new Error(`PORT: ${port} on ${host} is taken; stop what uses it, or set another PORT`);
    case 'EACCES':
      return new Error(`PORT: ${port} on ${host} may not be opened by this user; set a PORT above 1023`);
    case 'EADDRNOTAVAIL':
      return new Error(`HOST: ${host} is no address of this machine`);
    default:
      return error;
  }
}

/** The client's id when it is well-formed, so that logs of several services can be put side by side. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
