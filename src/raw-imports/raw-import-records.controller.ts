import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { UuidParam } from '../http/uuid-parameter';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { ListRawRecordsQuery } from './dto/list-raw-records.query';
import { RawRecordPage } from './dto/raw-record-page';
import { RawImportRecord } from './raw-import-record.entity';
import { RawImportsService } from './raw-imports.service';

@ApiTags('Imports')
@ApiTenant()
@Controller('raw-import-records')
export class RawImportRecordsController {
  constructor(private readonly imports: RawImportsService) {}

  @Get()
  @ApiOperation({ summary: 'Raw records in file order' })
  @ApiOkResponse({ type: RawRecordPage })
  @ApiErrors(404)
  list(@CurrentTenant() tenant: Tenant, @Query() query: ListRawRecordsQuery): Promise<RawRecordPage> {
    return this.imports.listRecords(tenant, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One raw record and what became of it' })
  @ApiOkResponse({ type: RawImportRecord })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('id') id: string): Promise<RawImportRecord> {
    return this.imports.getRecord(tenant, id);
  }
}
