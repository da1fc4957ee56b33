import type { ApiClient, Answer } from './api-client';
import { waitFor } from './wait-for';

/** A CSV inventory of plain servers. */
export function serversCsv(rows: number, { prefix = 'web' } = {}): string {
  const lines = ['Hostname,IP Address,Environment,CPU Cores,RAM (GB),Rack'];
  for (let i = 1; i <= rows; i++) {
    lines.push(
      `${prefix}-${i},10.${i >> 16}.${(i >> 8) & 255}.${i & 255},PROD,${1 + (i % 16)},${4 + (i % 60)},R${i % 40}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Uploads an inventory and makes a flow over it. */
export async function importAndFlow(
  client: ApiClient,
  csv: string,
  filename = 'servers.csv',
): Promise<{ importId: string; flowId: string; flowKey: string }> {
  const created = await client.upload(filename, csv, '?force=true');
  expect(created.status).toBe(201);
  const flow = await client.post('/discovery-flows', { flow_name: 'test', data_import_id: created.body.id });
  expect(flow.status).toBe(201);
  return { importId: created.body.id, flowId: flow.body.flow_id, flowKey: flow.body.id };
}

/** Starts a run and waits for its end. */
export async function runToEnd(client: ApiClient, flowId: string, options: object = {}): Promise<Answer> {
  const started = await client.post(`/discovery-flows/${flowId}/runs`, options);
  expect(started.status).toBe(202);
  return runEnd(client, flowId, started.body.id);
}

/** Waits for the end of a run. */
export function runEnd(client: ApiClient, flowId: string, runId: string, withinMs = 30_000): Promise<Answer> {
  const ended = async () => {
    const run = await client.get(`/discovery-flows/${flowId}/runs/${runId}`);
    return run.status === 503 || ['queued', 'running'].includes(run.body.status) ? null : run;
  };
  return waitFor('the end of the run', ended, withinMs);
}

/** The rows of an import, in file order. */
export async function recordsOf(client: ApiClient, importId: string): Promise<RecordRow[]> {
  const { body } = await client.get(`/raw-import-records?data_import_id=${importId}&page_size=200`);
  return body.data as RecordRow[];
}

export interface RecordRow {
  id: string;
  row_number: number;
  raw_data: Record<string, string>;
  fate: string;
  is_processed: boolean;
  asset_id: string | null;
  processing_notes: string | null;
}
