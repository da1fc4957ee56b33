import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { ApiClient } from './api-client';
import { waitFor } from './wait-for';

export interface ServerEvent {
  event: string;
  id: string;
  // The shape of an event is what tests assert.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
}

/**
 * An answer of server-sent events, read as it comes, over a connection of its own: a pool would open the next one on
 * its own account, and the service would wait for it when it stops.
 */
export class EventStream {
  /** Everything that came, as it came. */
  text = '';
  hasEnded = false;

  private constructor(private readonly answer: IncomingMessage) {
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => (this.text += text));
    answer.on('end', () => (this.hasEnded = true));
    // Cut off, which is no end.
    answer.on('error', () => undefined);
  }

  static async open(
    { origin, tenant }: ApiClient,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<EventStream> {
    const request = get(`${origin}/api/v1${path}`, {
      agent: false,
      headers: {
        'x-client-account-id': tenant.client_account_id,
        'x-engagement-id': tenant.engagement_id,
        ...headers,
      },
    });
    request.on('error', () => undefined);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return new EventStream(answer);
  }

  get status(): number {
    return this.answer.statusCode!;
  }

  get headers(): IncomingMessage['headers'] {
    return this.answer.headers;
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
    this.answer.destroy();
  }
}
