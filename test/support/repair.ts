import type { ApiClient } from './api-client';
import { waitFor } from './wait-for';

/** A repair as the API shows it; what it may hold is what tests assert. */
interface Repair {
  id: string;
  status: string;
  planned: number;
  applied: number;
  skipped: number;
  undone: number;
}

/** Waits until a repair has ended, one way or the other. */
export async function repairEnds(client: ApiClient, id: string): Promise<Repair> {
  let repair: Repair | null = null;
  await waitFor('the repair to end', async () => {
    const { body } = await client.get(`/health/wiring/repair/${id}`);
    repair = body as Repair;
    return body.finished_at !== null;
  });
  return repair!;
}

/** Does what the plan of now says. */
export async function repairToEnd(client: ApiClient): Promise<Repair> {
  const { plan_hash } = (await client.get('/health/wiring/repair')).body;
  const { status, body } = await client.post('/health/wiring/repair', { plan_hash });
  expect({ status, body }).toMatchObject({ status: 202, body: { status: 'applying' } });
  return repairEnds(client, body.id as string);
}
