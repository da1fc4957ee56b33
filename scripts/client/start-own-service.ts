import { type RunningService, startService } from '../../src/start-service';

/** The real service for the time of a command, on a port of its own, so that it can run beside `npm start`. */
export function startOwnService(env: NodeJS.ProcessEnv): Promise<RunningService> {
  return startService({ ...env, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: env.LOG_LEVEL || 'silent' });
}
