import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Problem } from '../../src/http/problem';
import type { Tenant } from '../../src/tenancy/tenant';
import { printable } from './printable';
import { sendRequest } from './send-request';

/** Why a request came to nothing. `status` is null where there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number | null,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get mayPass(): boolean {
    return this.status === null || this.status === 503;
  }
}

interface UploadOptions {
  mediaType?: string;
  query?: Record<string, string>;
}

/** The service as a client of one tenant sees it, over HTTP. */
export class Api {
  /**
   * @param signal cuts off the request under way.
   * @param token for a service that wants one.
   */
  constructor(
    readonly origin: string,
    readonly tenant: Tenant,
    readonly signal: AbortSignal,
    private readonly token: string | null = null,
  ) {}

  get<Answer>(path: string): Promise<Answer> {
    return this.send('GET', path, {});
  }

  post<Answer>(path: string, body: object): Promise<Answer> {
    return this.send('POST', path, { 'content-type': 'application/json' }, JSON.stringify(body));
  }

  /** Sends a file as the raw body and tells after each piece how many bytes have gone. */
  upload<Answer>(
    file: string,
    { mediaType = 'application/octet-stream', query = {} }: UploadOptions,
    onSent: (bytes: number) => void,
  ): Promise<Answer> {
    const parameters = new URLSearchParams({ filename: basename(file), ...query });
    return this.send(
      'POST',
      `/data-imports?${parameters.toString()}`,
      { 'content-type': mediaType },
      counted(createReadStream(file), onSent),
    );
  }

  private async send<Answer>(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | AsyncIterable<Buffer>,
  ): Promise<Answer> {
    const { client_account_id, engagement_id } = this.tenant;
    const answer = await sendRequest(new URL(`${this.origin}/api/v1${path}`), {
      method,
      headers: {
        ...headers,
        'x-client-account-id': client_account_id,
        'x-engagement-id': engagement_id,
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body }),
      signal: this.signal,
    }).catch((error: unknown) => {
      if (this.signal.aborted) throw error;
      throw new ApiError(
        null,
        `${this.origin} does not answer (${(error as NodeJS.ErrnoException).code ?? 'cut off'})`,
      );
    });
    if (answer.status < 400 && answer.body !== null) return answer.body as Answer;
    // A health that cannot be checked answers with a document of its own; a proxy may answer with anything.
    const { detail } = (answer.body ?? {}) as Partial<Problem>;
    const what = `${method} ${path.split('?', 1)[0] ?? path} was answered with ${answer.status}`;
    throw new ApiError(answer.status, printable(detail === undefined ? what : `${what}: ${detail}`));
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
