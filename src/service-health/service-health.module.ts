import { Module } from '@nestjs/common';
import { ReadinessService } from './readiness.service';
import { ServiceHealthController } from './service-health.controller';

@Module({ controllers: [ServiceHealthController], providers: [ReadinessService] })
export class ServiceHealthModule {}
