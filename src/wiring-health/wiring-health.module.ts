import { Module } from '@nestjs/common';
import { HealthHistoryService } from './health-history.service';
import { WiringHealthController } from './wiring-health.controller';
import { WiringHealthService } from './wiring-health.service';

@Module({ controllers: [WiringHealthController], providers: [HealthHistoryService, WiringHealthService] })
export class WiringHealthModule {}
