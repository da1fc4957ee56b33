import { PageQuery } from '../../http/page';
import { QueryTime, QueryUuid, QueryWord } from '../../http/query-parameters';
import { AUDIT_ACTIONS, type AuditAction } from '../audit-actions';

export class ListAuditEventsQuery extends PageQuery {
  @QueryWord(AUDIT_ACTIONS, 'Events of one kind.')
  action?: AuditAction;

  @QueryUuid('What became of one import, flow (by its public flow_id) or run.')
  target_id?: string;

  @QueryTime('Events of this moment and later.', '2026-03-01T00:00:00Z')
  from?: Date;

  @QueryTime('Events before this moment.', '2026-04-01T00:00:00Z')
  to?: Date;
}
