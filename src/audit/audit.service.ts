import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, pageOf, pageWindow } from '../http/page';
import type { Tenant } from '../tenancy/tenant';
import type { AuditEvent } from './audit-event.entity';
import type { ListAuditEventsQuery } from './dto/list-audit-events.query';
import { listAuditEvents } from './queries/list-audit-events';

@Injectable()
export class AuditService {
  constructor(private readonly database: TenantDatabase) {}

  async list(tenant: Tenant, query: ListAuditEventsQuery): Promise<Page<AuditEvent>> {
    const { action = null, target_id = null, from = null, to = null } = query;
    const filter = { action, target_id, from, to, ...pageWindow(query) };
    return pageOf(query, await this.database.snapshot(tenant, (tx) => listAuditEvents(tx, filter)));
  }
}
