import { Module } from '@nestjs/common';
import { WiringHealthController } from './wiring-health.controller';
import { WiringHealthService } from './wiring-health.service';

@Module({ controllers: [WiringHealthController], providers: [WiringHealthService] })
export class WiringHealthModule {}
