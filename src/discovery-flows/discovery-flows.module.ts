import { Module } from '@nestjs/common';
import { ChunkRunner } from './chunk-runner.service';
import { DiscoveryFlowsController } from './discovery-flows.controller';
import { DiscoveryFlowsService } from './discovery-flows.service';
import { PersistAssetsService } from './persist-assets.service';
import { PreviewRuns } from './preview-runs.service';
import { RunControl } from './run-control.service';
import { RunExecutor } from './run-executor.service';
import { RunWorker } from './run-worker.service';
import { RunsController } from './runs.controller';
import { RunsService } from './runs.service';

@Module({
  controllers: [DiscoveryFlowsController, RunsController],
  providers: [
    ChunkRunner,
    DiscoveryFlowsService,
    PersistAssetsService,
    PreviewRuns,
    RunControl,
    RunExecutor,
    RunWorker,
    RunsService,
  ],
})
export class DiscoveryFlowsModule {}
