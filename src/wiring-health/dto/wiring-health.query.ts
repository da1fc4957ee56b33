import { QueryFlag, QueryWord } from '../../http/query-parameters';

export class WiringHealthQuery {
  @QueryFlag('Add up to five samples for each metric above zero.')
  detail?: boolean;

  @QueryFlag('Compute anew and replace the cached answer.')
  refresh?: boolean;

  @QueryFlag('Answer 503 when unhealthy, for probes that read only the status.')
  strict?: boolean;

  @QueryWord(['scan'], 'Count by scanning even what valid foreign keys prove.')
  verify?: 'scan';
}
