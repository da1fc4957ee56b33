import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { UuidParam } from '../http/uuid-parameter';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { Lineage } from './lineage';
import { LineageService } from './lineage.service';

@ApiTags('Assets')
@ApiTenant()
@Controller('unified-discovery/assets/:id/lineage')
export class LineageController {
  constructor(private readonly lineage: LineageService) {}

  @Get()
  @ApiOperation({
    summary: 'The asset, its raw record, import and flows, and whether each link holds both ways',
  })
  @ApiOkResponse({ type: Lineage })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('id') id: string): Promise<Lineage> {
    return this.lineage.ofAsset(tenant, id);
  }
}
