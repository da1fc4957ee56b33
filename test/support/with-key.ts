import type { Answer, ApiClient } from './api-client';

/** POST of JSON under an Idempotency-Key. */
export function postWithKey(client: ApiClient, key: string, path: string, body: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return client.send('POST', path, text, { 'content-type': 'application/json', 'idempotency-key': key });
}

/** Upload of a form under an Idempotency-Key; its boundary is another each time. */
export function uploadWithKey(
  client: ApiClient,
  key: string,
  filename: string,
  content: string,
  query = '',
): Promise<Answer> {
  const form = new FormData();
  form.set('file', new Blob([content]), filename);
  return client.send('POST', `/data-imports${query}`, form, { 'idempotency-key': key });
}

/** Asserts that an answer is the first one again, byte by byte. */
export function expectReplay(answer: Answer, first: Answer): void {
  expect({ status: answer.status, text: answer.text }).toEqual({ status: first.status, text: first.text });
  for (const name of ['location', 'content-type']) {
    expect([name, answer.headers.get(name)]).toEqual([name, first.headers.get(name)]);
  }
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(answer.headers.get('idempotency-replayed')).toBe('true');
}
