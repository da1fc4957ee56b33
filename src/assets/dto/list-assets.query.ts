import { PageQuery } from '../../http/page';
import { QueryUuid } from '../../http/query-parameters';

export class ListAssetsQuery extends PageQuery {
  @QueryUuid('Public flow_id of a discovery flow; without it, all assets of the tenant.')
  flow_id?: string;
}
