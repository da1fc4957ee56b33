import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiTenant } from '../http/api-errors';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { AuditService } from './audit.service';
import { AuditEventPage } from './dto/audit-event-page';
import { ListAuditEventsQuery } from './dto/list-audit-events.query';

@ApiTags('Audit')
@ApiTenant()
@Controller('audit-events')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @ApiOperation({
    summary: 'What was changed, by whom and how much of it, newest first',
    description:
      'Every change leaves its event in the transaction that makes it. A request that changes nothing leaves none: a ' +
      'replay, a duplicate file, a dry run. Events are never changed and never deleted.',
  })
  @ApiOkResponse({ type: AuditEventPage })
  list(@CurrentTenant() tenant: Tenant, @Query() query: ListAuditEventsQuery): Promise<AuditEventPage> {
    return this.audit.list(tenant, query);
  }
}
