import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { DATABASE_URL } from '../database/database-url';
import { schemaState } from '../database/schema-state';
import type { Readiness } from './readiness';

const TIMEOUT_MS = 3_000;

@Injectable()
export class ReadinessService implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(@Inject(DATABASE_URL) private readonly url: string) {}

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /** Over a connection of its own, so that neither a full pool nor a slow check of the wiring passes for an outage. */
  async check(): Promise<Readiness> {
    if (this.isStopping) {
      return { status: 'not_ready', database: 'unknown', migrations: 'unknown', stopping: true };
    }
    const client = new Client({
      connectionString: this.url,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      application_name: 'discovery-wiring readiness',
    });
    // A connection that breaks later on rejects the query too; unheard, the event would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const state = await schemaState(async (sql) => (await client.query<object>(sql)).rows);
      const migrations = state.every(({ executed }) => executed) ? 'current' : 'pending';
      const status = migrations === 'current' ? 'ready' : 'not_ready';
      return { status, database: 'up', migrations, stopping: false };
    } catch {
      return { status: 'not_ready', database: 'down', migrations: 'unknown', stopping: false };
    } finally {
      // Not awaited: an answer must not wait for a network that swallows the goodbye.
      void client.end().catch(() => undefined);
    }
  }
}
