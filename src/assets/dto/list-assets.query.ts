import { PageQuery } from '../../http/page';
import { QueryUuid } from '../../http/query-parameters';

export class ListAssetsQuery extends PageQuery {
  @QueryUuid('Public flow_id of a discovery flow; without it, all assets of the tenant.')
  flow_id?: string;

  @QueryUuid(
    'Id of an asset, such as the last one of the page before: what follows it in the list, of which `page` counts the ' +
      'pages. As fast at any depth, where a page by its number takes longer the further it is.',
  )
  after?: string;
}
