import { Module } from '@nestjs/common';
import { AssetsController } from './assets.controller';
import { AssetTotals } from './asset-totals.service';
import { AssetsService } from './assets.service';

@Module({ controllers: [AssetsController], providers: [AssetTotals, AssetsService] })
export class AssetsModule {}
