import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Logger as NestLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { authenticateRequests } from './auth/authenticate-requests';
import { tokenVerifier } from './auth/token-verifier';
import type { Settings } from './config/settings';
import { sendProblem } from './http/problem.filter';
import { cutStalledBodies } from './http/cut-stalled-bodies';
import { drainRefusedUploads } from './http/drain-refused-uploads';
import { CORS } from './http/cors';
import { HTTP_TIMEOUTS, type HttpTimeouts } from './http/http-timeouts';
import { acceptJsonBodies } from './http/json-body';
import { limitRefusals } from './http/limit-refusals';
import { acceptRawUploads } from './http/raw-upload';
import { refuseExcess } from './http/refuse-excess';
import { SECURITY_HEADERS } from './http/security-headers';
import { refuseExpectations } from './http/refuse-expectations';
import { requireHost } from './http/require-host';
import { serveApiDocs } from './http/serve-api-docs';
import { refuseUnparsable } from './http/unparsable-request';

/** 10,000 assets of a given list fit well; inventories stream and have a limit of their own. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** Of the request line and all headers together, and so of the URL. */
const MAX_HEAD_BYTES = 16 * 1024;

/** As long as a URL can be, so that a parameter of any length is refused by the route that it was meant for. */
const MAX_PARAMETER = MAX_HEAD_BYTES;

/** The size of an upload is limited where it is spooled; a second file or field is let in to be refused by name. */
const FORM_LIMITS = {
  fileSize: Number.MAX_SAFE_INTEGER,
  files: 2,
  fields: 2,
  parts: 3,
  fieldSize: 1024,
  headerPairs: 20,
};

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The service over a database that is there and migrated; it does not listen yet. */
export async function createApp(
  settings: Settings,
  databaseUrl: string,
  logger: Logger,
  timeouts: HttpTimeouts = HTTP_TIMEOUTS,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: timeouts.request_ms,
    http: {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: timeouts.headers_ms,
      connectionsCheckingInterval: timeouts.check_ms,
      requireHostHeader: false,
    },
    genReqId: requestId,
    trustProxy: settings.TRUST_PROXY.length > 0 && [...settings.TRUST_PROXY],
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
  await fastify.register(helmet, SECURITY_HEADERS);
  await fastify.register(rateLimit, { global: false });
  refuseExpectations(fastify.server);
  requireHost(fastify);
  acceptJsonBodies(fastify);
  drainRefusedUploads(fastify);
  await fastify.register(multipart, { limits: FORM_LIMITS });

  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings, databaseUrl, logger),
    adapter,
    // Nest's own account of how it wires itself helps nobody; what goes wrong is thrown.
    { logger: ['fatal'], abortOnError: false, bodyParser: false },
  );
  if (settings.CORS_ORIGINS.length > 0) app.enableCors({ ...CORS, origin: [...settings.CORS_ORIGINS] });
  // After CORS, so that a page of another origin can read that it was turned away.
  limitRefusals(fastify, settings.RATE_LIMIT_PER_MINUTE);
  // Before all that looks at the rest of the request: a caller without a token is told of nothing else.
  if (settings.jwt) authenticateRequests(fastify, tokenVerifier(settings.jwt));
  refuseExcess(fastify);
  cutStalledBodies(fastify, timeouts.stall_ms);
  acceptRawUploads(fastify);
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
