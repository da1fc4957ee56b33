import { ApiColumn, ApiKeyColumn } from './api-column';

/** The columns that every tenant table begins with. The primary key is client account and id. */
export abstract class TenantRow {
  @ApiKeyColumn('Client account; with the engagement it is the tenant.')
  client_account_id!: string;

  @ApiColumn('uuid', { description: 'Engagement of the client account.' })
  engagement_id!: string;

  @ApiKeyColumn('UUID v7, made by the service.')
  id!: string;
}
