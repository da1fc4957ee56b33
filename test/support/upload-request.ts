import { request, type ClientRequest } from 'node:http';
import { Readable } from 'node:stream';
import type { Answer, ApiClient } from './api-client';

/** An upload whose body the test writes piece by piece. */
export function openUpload(client: ApiClient, filename: string, bytes: number): ClientRequest {
  const upload = request(`${client.origin}/api/v1/data-imports?filename=${filename}`, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      'content-length': bytes,
      'x-client-account-id': client.tenant.client_account_id,
      'x-engagement-id': client.tenant.engagement_id,
    },
  });
  // A service that is killed resets it.
  upload.on('error', () => undefined);
  return upload;
}

/** An upload in chunks, without a length, of what is made while it is sent. */
export function uploadStream(
  client: ApiClient,
  filename: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Answer> {
  const body = Readable.toWeb(Readable.from(content)) as RequestInit['body'];
  return client.send('POST', `/data-imports?filename=${filename}`, body, {}, { duplex: 'half' });
}
