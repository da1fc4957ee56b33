import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { refreshStatistics } from './refresh-statistics';

const EVERY_MS = 5_000;

/**
 * Keeps the planner informed while tables grow fast. Autovacuum looks once a minute, and in that minute a bulk load
 * of a young database is read through plans that were made for no rows at all.
 */
@Injectable()
export class StatisticsKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StatisticsKeeper.name);
  private timer: NodeJS.Timeout | null = null;
  private underWay: Promise<void> = Promise.resolve();
  private isBusy = false;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (!this.isBusy) this.underWay = this.refresh();
    }, EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.underWay;
  }

  private async refresh(): Promise<void> {
    this.isBusy = true;
    try {
      await refreshStatistics(this.dataSource);
    } catch (error) {
      // Plans get worse, answers do not; the next round tries again.
      this.logger.debug({ err: error }, 'statistics could not be refreshed');
    } finally {
      this.isBusy = false;
    }
  }
}
