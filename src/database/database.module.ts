import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { dataSourceOptions } from './data-source-options';
import { DATABASE_URL } from './database-url';
import { ProbeDatabase } from './probe-database';
import { SERVICE_ROLE } from './roles';
import { StatisticsKeeper } from './statistics-keeper.service';
import { TenantDatabase } from './tenant-database';

const POOL_SIZE = 10;
const PROBE_POOL_SIZE = 2;
const PROBE_DATA_SOURCE = Symbol('probe data source');

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(PROBE_DATA_SOURCE) private readonly probes: DataSource,
  ) {}

  static register(url: string, entities: EntityTarget<ObjectLiteral>[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DATABASE_URL, useValue: url },
        { provide: DataSource, useFactory: () => connect(url, entities, POOL_SIZE) },
        { provide: PROBE_DATA_SOURCE, useFactory: () => connect(url, [], PROBE_POOL_SIZE) },
        TenantDatabase,
        StatisticsKeeper,
        {
          provide: ProbeDatabase,
          useFactory: (probes: DataSource) => new ProbeDatabase(probes),
          inject: [PROBE_DATA_SOURCE],
        },
      ],
      exports: [DATABASE_URL, DataSource, TenantDatabase, ProbeDatabase],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.dataSource.destroy(), this.probes.destroy()]);
  }
}

function connect(
  url: string,
  entities: EntityTarget<ObjectLiteral>[],
  poolSize: number,
): Promise<DataSource> {
  return new DataSource(dataSourceOptions(url, { entities, poolSize, role: SERVICE_ROLE })).initialize();
}
