import { AsyncLocalStorage } from 'node:async_hooks';
import { join, relative, sep } from 'node:path';
import { Client } from 'pg';
import { DataSource, EntityManager } from 'typeorm';

export interface Recorded {
  /** Where in `src/` it was sent from. */
  file: string;
  sql: string;
  values: unknown[];
  /** What its transaction had said by then of how it is to be planned, a SET LOCAL each. */
  planning: string[];
}

const ROOT = join(__dirname, '../..');
/** What every statement passes through says nothing of where it comes from. */
const PASSED_THROUGH = new Set(['src/database/tenant-database.ts']);
const PLANNING = /SET LOCAL (plan_cache_mode|enable_\w+|work_mem) = [^;]+/g;

/** Listens to every statement that this process sends to PostgreSQL while it is installed, COPY included. */
export class StatementRecorder {
  readonly statements: Recorded[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method
  private readonly original = Client.prototype.query;
  private readonly restore: (() => void)[] = [];
  /** TypeORM awaits a lot before it sends anything, and the stack is lost on the way. */
  private readonly caller = new AsyncLocalStorage<string | null>();
  private readonly planning = new WeakMap<Client, string[]>();

  install(): void {
    const { original, statements, caller, planning } = this;
    this.remember(EntityManager.prototype, 'findOne');
    this.remember(DataSource.prototype, 'query');
    Client.prototype.query = function (this: Client, ...args: unknown[]) {
      const [query, values] = args as [string | { text?: string; values?: unknown[] }, unknown];
      const sql = typeof query === 'string' ? query : query.text;
      const said = [...(planning.get(this) ?? []), ...(sql?.match(PLANNING) ?? [])];
      planning.set(this, /\b(COMMIT|ROLLBACK)$/.test(sql ?? '') ? [] : said);
      const file = caller.getStore() ?? callingFile();
      if (sql !== undefined && file !== null) {
        const given = Array.isArray(values) ? values : typeof query === 'string' ? [] : query.values;
        statements.push({ file, sql, values: given ?? [], planning: said });
      }
      return (original as (...all: unknown[]) => unknown).apply(this, args);
    } as typeof original;
  }

  uninstall(): void {
    Client.prototype.query = this.original;
    for (const restore of this.restore) restore();
  }

  private remember<Name extends string>(prototype: Record<Name, unknown> | object, name: Name): void {
    const { caller } = this;
    const methods = prototype as Record<Name, (...args: unknown[]) => unknown>;
    const original = methods[name];
    methods[name] = function (this: unknown, ...args: unknown[]) {
      return caller.run(callingFile(), () => original.apply(this, args));
    };
    this.restore.push(() => {
      methods[name] = original;
    });
  }
}

/** The innermost file of ours on the stack, through awaits as well. */
function callingFile(): string | null {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const [, path = ''] of stack.matchAll(/\(?(\/[^():]+\.ts):\d+:\d+\)?/g)) {
    const file = relative(ROOT, path).split(sep).join('/');
    if (file.startsWith('src/') && !PASSED_THROUGH.has(file)) return file;
  }
  return null;
}
