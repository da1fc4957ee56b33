import { PageQuery } from '../../http/page';
import { QueryTime } from '../../http/query-parameters';

export class ListHealthHistoryQuery extends PageQuery {
  @QueryTime('Hours that begin at this moment or later.', '2026-03-01T00:00:00Z')
  from?: Date;

  @QueryTime('Hours that begin before this moment.', '2026-04-01T00:00:00Z')
  to?: Date;
}
