import { Module } from '@nestjs/common';
import { ChunkRunner } from './chunk-runner.service';
import { DiscoveryFlowsController } from './discovery-flows.controller';
import { DiscoveryFlowsService } from './discovery-flows.service';
import { PersistAssetsService } from './persist-assets.service';
import { PreviewRuns } from './preview-runs.service';
import { RunControlController } from './run-control.controller';
import { RunControl } from './run-control.service';
import { RunEventsController } from './run-events.controller';
import { RunEvents } from './run-events.service';
import { RunExecutor } from './run-executor.service';
import { RunWorker } from './run-worker.service';
import { RunsController } from './runs.controller';
import { RunsService } from './runs.service';

@Module({
  controllers: [DiscoveryFlowsController, RunEventsController, RunsController, RunControlController],
  providers: [
    ChunkRunner,
    DiscoveryFlowsService,
    PersistAssetsService,
    PreviewRuns,
    RunControl,
    RunEvents,
    RunExecutor,
    RunWorker,
    RunsService,
  ],
})
export class DiscoveryFlowsModule {}
