import { Global, Module } from '@nestjs/common';
import { ProgressEvents } from './progress-events.service';

@Global()
@Module({ providers: [ProgressEvents], exports: [ProgressEvents] })
export class ProgressEventsModule {}
