import { PageQuery } from '../../http/page';
import { QueryFlag, QueryUuid } from '../../http/query-parameters';

export class ListRawRecordsQuery extends PageQuery {
  @QueryUuid('Records of one import.')
  data_import_id?: string;

  @QueryFlag('Whether the fate is decided.')
  is_processed?: boolean;

  @QueryFlag('Whether the row could be read.')
  is_valid?: boolean;
}
