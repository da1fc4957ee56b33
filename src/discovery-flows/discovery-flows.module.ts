import { Module } from '@nestjs/common';
import { DiscoveryFlowsController } from './discovery-flows.controller';
import { DiscoveryFlowsService } from './discovery-flows.service';
import { PersistAssetsService } from './persist-assets.service';
import { RunExecutor } from './run-executor.service';
import { RunWorker } from './run-worker.service';
import { RunsService } from './runs.service';

@Module({
  controllers: [DiscoveryFlowsController],
  providers: [DiscoveryFlowsService, PersistAssetsService, RunExecutor, RunWorker, RunsService],
})
export class DiscoveryFlowsModule {}
