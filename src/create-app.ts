import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import type { Settings } from './config/settings';
import { sendProblem } from './http/problem.filter';
import { acceptRawUploads } from './http/raw-upload';
import { serveApiDocs } from './http/serve-api-docs';

/** 10,000 assets of a given list fit well; inventories stream and have a limit of their own. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** For the whole request, a large upload over a slow line included. */
const REQUEST_TIMEOUT_MS = 30 * 60 * 1000;

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The service over a database that is there and migrated; it does not listen yet. */
export async function createApp(settings: Settings, databaseUrl: string): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: requestId,
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
  acceptRawUploads(fastify);
  // The size of an upload is limited where it is spooled; two files are let in so that the second is refused by name.
  await fastify.register(multipart, { limits: { fileSize: Number.MAX_SAFE_INTEGER, files: 2, fields: 10 } });

  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings, databaseUrl),
    adapter,
    { bufferLogs: true, abortOnError: false },
  );
  app.useLogger(app.get(Logger));
  app.setGlobalPrefix('api/v1', { exclude: [{ path: '/', method: RequestMethod.GET }] });
  serveApiDocs(app);
  return app;
}

/** The client's id when it is well-formed, so that logs of several services can be put side by side. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
