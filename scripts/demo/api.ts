import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Problem } from '../../src/http/problem';
import type { Tenant } from '../../src/tenancy/tenant';

/** The service as a client of one tenant sees it, over HTTP. */
export class Api {
  /** @param signal cuts off the request under way. */
  constructor(
    private readonly origin: string,
    private readonly tenant: Tenant,
    readonly signal: AbortSignal,
  ) {}

  get<Answer>(path: string): Promise<Answer> {
    return this.send(path, {});
  }

  post<Answer>(path: string, body: object): Promise<Answer> {
    return this.send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  /** Sends a file as the raw body and tells after each piece how many bytes have gone. */
  upload<Answer>(file: string, mediaType: string, onSent: (bytes: number) => void): Promise<Answer> {
    return this.send(`/data-imports?filename=${encodeURIComponent(basename(file))}`, {
      method: 'POST',
      body: counted(createReadStream(file), onSent),
      duplex: 'half',
      headers: { 'content-type': mediaType },
    });
  }

  private async send<Answer>(path: string, request: RequestInit): Promise<Answer> {
    const headers = new Headers(request.headers);
    headers.set('x-client-account-id', this.tenant.client_account_id);
    headers.set('x-engagement-id', this.tenant.engagement_id);
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      ...request,
      headers,
      signal: this.signal,
    });
    if (!response.ok) {
      // A health that cannot be checked answers with a document of its own.
      const { detail = response.statusText } = (await response.json()) as Partial<Problem>;
      throw new Error(`${request.method ?? 'GET'} ${path} was answered with ${response.status}: ${detail}`);
    }
    return (await response.json()) as Answer;
  }
}

async function* counted(
  content: AsyncIterable<Buffer>,
  onSent: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const piece of content) {
    yield piece;
    sent += piece.length;
    onSent(sent);
  }
}
