import type { ApiClient } from '../support/api-client';
import type { Operation } from './api-operations';

type Ids = Record<string, string>;

/** Whose ids a request names. */
export type Owner = 'own' | 'foreign';

const TOKEN = /~(own|foreign)~([^~]+)~([^~]+)~(\d+)~/g;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Any place where a property of this name is found. */
const ANYWHERE = 'anywhere';
/** Lists below so many of the things above are asked for. */
const PARENTS = 12;
const REPAIRS = '/health/wiring/repair';

/** Stands for an id until the request is sent: what a seed generates does not depend on ids that are new each time. */
export function idToken(owner: Owner, name: string, nth: number, template = ANYWHERE): string {
  return `~${owner}~${template.replaceAll('~', '')}~${name}~${nth}~`;
}

/** The ids of tenants' things, by the route that takes them and by the property that holds them. */
export class PlantedIds {
  private constructor(
    private readonly byTemplate: Map<string, Ids[]>,
    private readonly byName: Map<string, string[]>,
  ) {}

  /** Finds them through the lists that the service documents. */
  static async read(clients: ApiClient[], operations: Operation[]): Promise<PlantedIds> {
    const ids = new PlantedIds(new Map(), new Map());
    for (const client of clients) await ids.add(client, operations);
    return ids;
  }

  /** A template's parameters, all of one thing. */
  of(template: string, nth: number): Ids | undefined {
    return pick(this.byTemplate.get(template), nth);
  }

  named(name: string, nth: number): string | undefined {
    return pick(this.byName.get(name) ?? [...this.byName.values()].flat(), nth);
  }

  private async add(client: ApiClient, operations: Operation[]): Promise<void> {
    for (const [name, id] of Object.entries(client.tenant as unknown as Ids)) this.note(name, id);
    const templates = [...new Set(operations.map(({ template }) => template))].filter((template) =>
      template.includes('{'),
    );
    for (const template of templates) {
      const all = this.byTemplate.get(template) ?? [];
      this.byTemplate.set(template, [...all, ...(await this.bindings(client, template, operations))]);
    }
  }

  /** From the list above the last parameter, for each of the things above that. */
  private async bindings(client: ApiClient, template: string, operations: Operation[]): Promise<Ids[]> {
    const at = template.lastIndexOf('/{');
    if (at === -1) return [{}];
    const [list, name] = [template.slice(0, at), /\{(\w+)\}/.exec(template.slice(at))![1]!];
    if (!operations.some((operation) => operation.method === 'GET' && operation.template === list)) return [];
    const found: Ids[] = [];
    for (const parent of (await this.bindings(client, list, operations)).slice(0, PARENTS)) {
      const path = list.replace('/api/v1', '').replace(/\{(\w+)\}/g, (_, above: string) => parent[above]!);
      for (const item of await this.list(client, path)) {
        for (const [property, value] of Object.entries(item)) this.note(property, value);
        found.push({ ...parent, [name]: item[name] ?? item.id! });
      }
    }
    return found;
  }

  private async list(client: ApiClient, path: string): Promise<Ids[]> {
    const { body } = await client.get(path === REPAIRS ? path : `${path}?page_size=200`);
    if (path !== REPAIRS) return body.data as Ids[];
    // Above a repair stands the next plan; those that were begun are in the audit.
    const { body: events } = await client.get('/audit-events?action=repair.started');
    return (events.data as Ids[]).map(({ target_id }) => ({ id: target_id! }));
  }

  private note(name: string, value: unknown): void {
    if (typeof value !== 'string' || !UUID.test(value)) return;
    const all = this.byName.get(name) ?? [];
    if (!all.includes(value)) this.byName.set(name, [...all, value]);
  }
}

/** Puts ids in the place of their tokens. */
export function withIds(text: string, ids: Record<Owner, PlantedIds>): string {
  return text.replace(TOKEN, (token, owner: Owner, template: string, name: string, nth: string) => {
    const found =
      template === ANYWHERE
        ? ids[owner].named(name, Number(nth))
        : ids[owner].of(decodeURIComponent(template), Number(nth))?.[name];
    return found ?? token;
  });
}

function pick<Value>(values: Value[] | undefined, nth: number): Value | undefined {
  return values && values.length > 0 ? values[nth % values.length] : undefined;
}
