import { mkdir } from 'node:fs/promises';
import { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';
import { type Answer, ApiClient, newTenant } from './api-client';
import { openProcessBench, type ProcessBench } from './process-bench';
import type { ServiceProcess } from './service-process';
import { Shell } from './shell';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';
import { TokenIssuer } from './token-issuer';
import { dropWiringKeys } from './wiring';

class ClientWithToken extends ApiClient {
  constructor(
    origin: string,
    tenant: Tenant,
    private readonly token: string,
  ) {
    super(origin, tenant);
  }

  override send(...[method, path, body, headers, options]: Parameters<ApiClient['send']>): Promise<Answer> {
    return super.send(method, path, body, { authorization: `Bearer ${this.token}`, ...headers }, options);
  }
}

/** What a section of the runbook is tried on: a started service that verifies tokens, a database that can be taken away, a shell. */
export class OperationsStage {
  readonly tenant = newTenant();
  /** For the shell and, as `:name` and `:'name'`, for SQL. */
  readonly vars: Record<string, string> = {};
  service!: ServiceProcess;
  client!: ApiClient;
  private shell: Shell | null = null;
  private readonly neighbours: Client[] = [];
  private readonly leftOvers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly bench: ProcessBench,
    readonly issuer: TokenIssuer,
    /** Between the database and whoever is to lose it. */
    readonly proxy: TcpProxy,
    private readonly token: string,
    private readonly prelude: string,
  ) {}

  /** @param prelude what the runbook has set once. */
  static async open(prelude: string, env: NodeJS.ProcessEnv): Promise<OperationsStage> {
    const bench = await openProcessBench();
    const issuer = await TokenIssuer.start();
    const proxy = await startTcpProxy(bench.databaseUrl);
    const scope = 'inventory:read inventory:write wiring:read wiring:repair';
    const stage = new OperationsStage(
      bench,
      issuer,
      proxy,
      await issuer.token({ admin: true, scope }),
      prelude,
    );
    await stage.start(env);
    return stage;
  }

  get sql(): Client {
    return this.bench.sql;
  }

  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    this.service = await this.bench.start({
      ...this.issuer.env,
      DATABASE_URL: this.proxy.url,
      WIRING_HEALTH_CACHE_TTL_SECONDS: '0',
      ...env,
    });
    this.client = new ClientWithToken(this.service.origin, this.tenant, this.token);
  }

  async run(commands: string): Promise<{ code: number; output: string }> {
    this.shell ??= await this.openShell();
    return this.shell.run(commands);
  }

  /** @returns a line for each row, as psql has them without frames. */
  async query(text: string): Promise<string> {
    const filled = text.replace(/:('?)\b([a-z]+)\b\1/g, (whole, quote: string, name: string) => {
      const value = {
        client: this.tenant.client_account_id,
        engagement: this.tenant.engagement_id,
        ...this.vars,
      }[name];
      return value === undefined ? whole : `${quote}${value}${quote}`;
    });
    const answer = await this.sql.query<(string | null)[]>({
      text: filled,
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    });
    // Several statements have several results.
    const rows = [answer].flat().flatMap((result) => result.rows);
    return rows.length === 0
      ? '(0 rows)'
      : rows.map((row) => row.map((value) => value ?? '').join(' | ')).join('\n');
  }

  /** A session of somebody else's, which stands in a transaction and holds what the statement has locked. */
  async neighbour(statement: string, application_name = 'the neighbour'): Promise<void> {
    const client = new Client({ connectionString: this.bench.databaseUrl, application_name });
    // The runbook ends it.
    client.on('error', () => undefined);
    await client.connect();
    this.neighbours.push(client);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    this.vars.pid = String(rows[0]!.pid);
    await client.query('BEGIN');
    await client.query(statement);
  }

  /** For what outlives the database. */
  atEnd(clean: () => Promise<unknown>): void {
    this.leftOvers.push(clean);
  }

  dropKeys(): Promise<void> {
    return dropWiringKeys(this.sql);
  }

  async close(): Promise<void> {
    this.shell?.close();
    for (const client of this.neighbours) await client.end().catch(() => undefined);
    for (const clean of this.leftOvers) await clean();
    await this.bench.close();
    await this.proxy.close();
    await this.issuer.stop();
  }

  private async openShell(): Promise<Shell> {
    const { PATH, HOME } = process.env;
    const DATA_DIR = this.bench.dataDir;
    await mkdir(DATA_DIR, { recursive: true });
    const shell = new Shell({
      PATH,
      HOME,
      DATA_DIR,
      JWT_JWKS_URL: this.issuer.env.JWT_JWKS_URL,
      ...this.vars,
    });
    const { client_account_id, engagement_id } = this.tenant;
    const set = this.prelude
      .replace(/^export DATABASE_URL=\S+/m, `export DATABASE_URL='${this.proxy.url}'`)
      .replace(/^export DISCOVERY_WIRING_TOKEN=\S+/m, `export DISCOVERY_WIRING_TOKEN='${this.token}'`)
      .replace('http://127.0.0.1:3000', this.service.origin)
      .replace('11111111-1111-4111-8111-111111111111', client_account_id)
      .replace('22222222-2222-4222-8222-222222222222', engagement_id);
    await shell.run(set);
    return shell;
  }
}
