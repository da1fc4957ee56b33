import { randomUUID } from 'node:crypto';
import type { Tenant } from '../../src/tenancy/tenant';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // The shape of an answer is what tests assert.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export function newTenant(): Tenant {
  return { client_account_id: randomUUID(), engagement_id: randomUUID() };
}

/** Speaks to the service as one tenant does, over real HTTP. */
export class ApiClient {
  constructor(
    readonly origin: string,
    readonly tenant: Tenant,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.json('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.json('PUT', path, body);
  }

  /** Uploads a file as the field of a form. */
  upload(filename: string, content: string | Uint8Array<ArrayBuffer>, query = ''): Promise<Answer> {
    const form = new FormData();
    form.set('file', new Blob([content]), filename);
    return this.send('POST', `/data-imports${query}`, form);
  }

  async send(
    method: string,
    path: string,
    body?: RequestInit['body'],
    headers: Record<string, string> = {},
    options: RequestInit = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      ...options,
      method,
      ...(body !== undefined && { body }),
      headers: {
        'x-client-account-id': this.tenant.client_account_id,
        'x-engagement-id': this.tenant.engagement_id,
        ...headers,
      },
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    };
  }

  private json(method: string, path: string, body: unknown): Promise<Answer> {
    if (body === undefined) return this.send(method, path);
    return this.send(method, path, JSON.stringify(body), { 'content-type': 'application/json' });
  }
}
