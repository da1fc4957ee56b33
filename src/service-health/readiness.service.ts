import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PROBE_DATA_SOURCE } from '../database/probe-data-source';
import { schemaState } from '../database/schema-state';
import type { Readiness } from './readiness';

@Injectable()
export class ReadinessService implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(@Inject(PROBE_DATA_SOURCE) private readonly dataSource: DataSource) {}

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  async check(): Promise<Readiness> {
    if (this.isStopping)
      return { status: 'not_ready', database: 'unknown', migrations: 'unknown', stopping: true };
    try {
      const state = await schemaState((sql) => this.dataSource.query(sql));
      const migrations = state.every(({ executed }) => executed) ? 'current' : 'pending';
      const status = migrations === 'current' ? 'ready' : 'not_ready';
      return { status, database: 'up', migrations, stopping: false };
    } catch {
      return { status: 'not_ready', database: 'down', migrations: 'unknown', stopping: false };
    }
  }
}
