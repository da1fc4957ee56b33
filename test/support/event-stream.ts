import { ApiClient } from './api-client';
import { waitFor } from './wait-for';

export interface ServerEvent {
  event: string;
  id: string;
  // The shape of an event is what tests assert.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
}

/** An answer of server-sent events, read as it comes. */
export class EventStream {
  /** Everything that came, as it came. */
  text = '';
  hasEnded = false;

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    private readonly aborting: AbortController,
  ) {}

  static async open(
    { origin, tenant }: ApiClient,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<EventStream> {
    const aborting = new AbortController();
    const response = await fetch(`${origin}/api/v1${path}`, {
      signal: aborting.signal,
      headers: {
        'x-client-account-id': tenant.client_account_id,
        'x-engagement-id': tenant.engagement_id,
        ...headers,
      },
    });
    const stream = new EventStream(response.status, response.headers, aborting);
    void stream.read(response.body);
    return stream;
  }

  /** The events that are whole. */
  get events(): ServerEvent[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.includes('data: '))
      .map((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)![1]!;
        return { event: field('event'), id: field('id'), data: JSON.parse(field('data')) };
      });
  }

  get heartbeats(): number {
    return this.text.split(': heartbeat\n\n').length - 1;
  }

  /** Waits until the service ends it. */
  async ended(withinMs?: number): Promise<this> {
    await waitFor('the end of the events', () => this.hasEnded, withinMs);
    return this;
  }

  /** Leaves in the middle. */
  close(): void {
    this.aborting.abort();
  }

  private async read(body: ReadableStream<Uint8Array> | null): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body ?? []) this.text += decoder.decode(chunk, { stream: true });
      this.hasEnded = true;
    } catch {
      // Cut off, which is no end.
    }
  }
}
