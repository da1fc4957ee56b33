import type { DiscoveryFlow } from '../../src/discovery-flows/discovery-flow.entity';
import type { RunResponse } from '../../src/discovery-flows/dto/run.response';
import type { Page } from '../../src/http/page';
import type { Api } from '../client/api';

export interface RunOfFlow {
  flow: DiscoveryFlow;
  run: RunResponse;
}

/** Every run over the rows of an import, whichever of its flows it belongs to, newest first. */
export async function runsOfImport(api: Api, data_import_id: string): Promise<RunOfFlow[]> {
  const found: RunOfFlow[] = [];
  for await (const flow of all<DiscoveryFlow>(api, '/discovery-flows')) {
    if (flow.data_import_id !== data_import_id) continue;
    for await (const run of all<RunResponse>(api, `/discovery-flows/${flow.flow_id}/runs`))
      found.push({ flow, run });
  }
  return found.sort((a, b) => (a.run.created_at < b.run.created_at ? 1 : -1));
}

async function* all<Row>(api: Api, path: string): AsyncGenerator<Row> {
  for (let page = 1, pages = 1; page <= pages; page++) {
    const { data, pagination } = await api.get<Page<Row>>(`${path}?page_size=200&page=${page}`);
    yield* data;
    pages = pagination.total_pages;
  }
}
