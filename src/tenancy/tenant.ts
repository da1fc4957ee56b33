/** The pair that owns every row: nothing read, counted, linked or changed ever crosses it. */
export interface Tenant {
  readonly client_account_id: string;
  readonly engagement_id: string;
}
