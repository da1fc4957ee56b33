import { Global, Module } from '@nestjs/common';
import { BackgroundWorker } from './background-worker.service';

@Global()
@Module({ providers: [BackgroundWorker], exports: [BackgroundWorker] })
export class BackgroundModule {}
