import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { pageText } from '../http/page-text';
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
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ summary: 'Assets of the tenant, oldest first, or those of one flow' })
  @ApiOkResponse({ type: AssetPage })
  @ApiErrors(404)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListAssetsQuery): Promise<string> {
    return pageText(await this.assets.list(tenant, query));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One asset' })
  @ApiOkResponse({ type: Asset })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('id') id: string): Promise<Asset> {
    return this.assets.get(tenant, id);
  }
}
