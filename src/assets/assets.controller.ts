import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { UuidParam } from '../http/uuid-parameter';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { Asset } from './asset.entity';
import { AssetsService } from './assets.service';
import { AssetPage } from './dto/asset-page';
import { ListAssetsQuery } from './dto/list-assets.query';

@ApiTags('Assets')
@ApiTenant()
@Controller('unified-discovery/assets')
export class AssetsController {
  constructor(private readonly assets: AssetsService) {}

  @Get()
  @ApiOperation({ summary: 'Assets of the tenant, oldest first, or those of one flow' })
  @ApiOkResponse({ type: AssetPage })
  @ApiErrors(404)
  list(@CurrentTenant() tenant: Tenant, @Query() query: ListAssetsQuery): Promise<AssetPage> {
    return this.assets.list(tenant, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One asset' })
  @ApiOkResponse({ type: Asset })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('id') id: string): Promise<Asset> {
    return this.assets.get(tenant, id);
  }
}
