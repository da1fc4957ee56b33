import { Module } from '@nestjs/common';
import { ChunkRunner } from './chunk-runner.service';
import { DiscoveryFlowsController } from './discovery-flows.controller';
import { DiscoveryFlowsService } from './discovery-flows.service';
import { PersistAssetsService } from './persist-assets.service';
import { PreviewRuns } from './preview-runs.service';
import { RunControlController } from './run-control.controller';
import { RunControl } from './run-control.service';
import { RunEventsController } from './run-events.controller';
import { RunExecutor } from './run-executor.service';
import { RunTask } from './run-task.service';
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
    RunExecutor,
    RunTask,
    RunsService,
  ],
})
export class DiscoveryFlowsModule {}
