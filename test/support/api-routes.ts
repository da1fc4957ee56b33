import { randomUUID } from 'node:crypto';

interface Schema {
  $ref?: string;
  example?: unknown;
  type?: string;
}

interface Operation {
  summary?: string;
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema?: Schema; example?: unknown }> }
  >;
}

export interface ApiRoute {
  method: string;
  /** As in the document, with `{id}`. */
  template: string;
  operation: Operation;
  /** Whether it belongs to a tenant, by the headers that it asks for. */
  isTenants: boolean;
  takesJson: boolean;
  takesFile: boolean;
  /** The path below the base path, with ids that are nobody's, or the given ones. */
  path(ids?: Record<string, string>): string;
}

/** Every route that the service documents, so that a new one is tested without a word. */
export async function readApiRoutes(origin: string): Promise<ApiRoute[]> {
  const document = (await (await fetch(`${origin}/docs/json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]): ApiRoute => {
      const body = Object.keys(operation.requestBody?.content ?? {});
      return {
        method: method.toUpperCase(),
        template,
        operation,
        isTenants: (operation.parameters ?? []).some(({ name }) => /^x-engagement-id$/i.test(name)),
        // An inventory in JSON is a file like any other.
        takesJson: body.includes('application/json') && !body.includes('multipart/form-data'),
        takesFile: body.includes('multipart/form-data'),
        path: (ids = {}) =>
          template
            .replace('/api/v1', '')
            .replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? randomUUID()),
      };
    }),
  );
}
