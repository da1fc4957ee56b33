import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import { Asset } from './assets/asset.entity';
import { AssetsModule } from './assets/assets.module';
import { AuditEvent } from './audit/audit-event.entity';
import { AuditModule } from './audit/audit.module';
import { AuthorisationGuard } from './auth/authorisation.guard';
import { BackgroundModule } from './background/background.module';
import { SETTINGS, type Settings } from './config/settings';
import { DatabaseModule } from './database/database.module';
import { DiscoveryFlow } from './discovery-flows/discovery-flow.entity';
import { DiscoveryFlowsModule } from './discovery-flows/discovery-flows.module';
import { DiscoveryRun } from './discovery-flows/discovery-run.entity';
import { MasterFlow } from './discovery-flows/master-flow.entity';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { LineageModule } from './lineage/lineage.module';
import { LinkRepair } from './link-repair/link-repair.entity';
import { LinkRepairModule } from './link-repair/link-repair.module';
import { LoggingModule } from './logging/logging.module';
import { ProblemFilter } from './http/problem.filter';
import { RateLimitGuard } from './http/rate-limit.guard';
import { UnknownQueryGuard } from './http/unknown-query.guard';
import { InputValidationPipe } from './http/validation.pipe';
import { ProgressEventsModule } from './progress-events/progress-events.module';
import { DataImport } from './raw-imports/data-import.entity';
import { RawImportRecord } from './raw-imports/raw-import-record.entity';
import { RawImportsModule } from './raw-imports/raw-imports.module';
import { ServiceHealthModule } from './service-health/service-health.module';
import { loadSourceProfiles } from './source-profiles/load-source-profiles';
import { SOURCE_PROFILES } from './source-profiles/source-profiles';
import { TenantGuard } from './tenancy/tenant.guard';
import { WiringHealthHour } from './wiring-health/wiring-health-hour.entity';
import { WiringHealthModule } from './wiring-health/wiring-health.module';

const ENTITIES = [
  DataImport,
  RawImportRecord,
  DiscoveryFlow,
  MasterFlow,
  DiscoveryRun,
  Asset,
  AuditEvent,
  LinkRepair,
  WiringHealthHour,
];

/** Who may speak comes first, then what was said: the order of the guards is their order here. */
@Global()
@Module({
  imports: [
    AssetsModule,
    AuditModule,
    DiscoveryFlowsModule,
    LineageModule,
    LinkRepairModule,
    RawImportsModule,
    ServiceHealthModule,
    WiringHealthModule,
  ],
  providers: [
    { provide: APP_GUARD, useClass: TenantGuard },
    { provide: APP_GUARD, useClass: AuthorisationGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: UnknownQueryGuard },
    { provide: APP_PIPE, useClass: InputValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class AppModule {
  static register(settings: Settings, databaseUrl: string, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        BackgroundModule,
        DatabaseModule.register(databaseUrl, ENTITIES),
        IdempotencyModule,
        LoggingModule.register(logger),
        ProgressEventsModule,
      ],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: SOURCE_PROFILES, useValue: loadSourceProfiles(settings.SOURCE_PROFILES_DIR) },
      ],
      exports: [SETTINGS, SOURCE_PROFILES],
    };
  }
}
