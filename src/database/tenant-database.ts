import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { DatabaseError, escapeLiteral, type PoolClient, type QueryConfig } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  DataSource,
  type EntityTarget,
  type FindOptionsWhere,
  QueryFailedError,
  type QueryRunner,
} from 'typeorm';
import type { Tenant } from '../tenancy/tenant';
import { LockBusyError } from './lock-busy.error';
import { INGEST_ROLE, SERVICE_ROLE } from './roles';
import { WRITERS_GATE } from './writers-gate';

/** What every tenant table has, and every look-up is narrowed by. */
interface TenantRow {
  client_account_id: string;
  engagement_id: string;
}

/**
 * A transaction of one tenant. The class stays in this file: whoever holds one got it from the tenant database
 * and has said whose rows it is about, so a query that takes a `TenantTx` cannot forget the tenant.
 */
class TenantTransaction {
  readonly #runner: QueryRunner;
  readonly #client: PoolClient;
  /** Milliseconds that an answer is waited for; the pool's own limit where nothing else was said. */
  #query_timeout: number | undefined;
  /** The same of the COMMIT, which checks the deferred keys of every row that the transaction wrote. */
  commit_timeout: number | undefined;

  constructor(
    readonly tenant: Tenant,
    runner: QueryRunner,
    client: PoolClient,
  ) {
    this.#runner = runner;
    this.#client = client;
  }

  /**
   * Runs a statement on tenant tables. $1 is the client account and $2 the engagement, always; `values` begin at
   * $3. A statement that leaves out either is refused by PostgreSQL, which cannot type an unused parameter.
   */
  async rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#query(sql, values)).rows as Row[];
  }

  /**
   * The one column of a statement as PostgreSQL writes it, of JSON too. For what is asked for again and again: each
   * connection plans it once, until the statistics of its tables change. The name is of this text alone.
   */
  async preparedTexts(name: string, sql: string, values: readonly unknown[]): Promise<string[]> {
    const { rows } = await this.#query(sql, values, { name, types: AS_WRITTEN });
    return (rows as Record<string, string>[]).flatMap((row) => Object.values(row));
  }

  /** As `rows`, for statements that return none. @returns the number of rows that it wrote. */
  async execute(sql: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#query(sql, values)).rowCount ?? 0;
  }

  /** Look-up of one row by equality, within the tenant. */
  findOne<Entity extends TenantRow>(
    entity: EntityTarget<Entity>,
    where: FindOptionsWhere<Entity>,
  ): Promise<Entity | null> {
    return this.#runner.manager.findOne(entity, { where: { ...where, ...this.tenant } }).catch(unwrap);
  }

  /**
   * COPY … FROM STDIN, without a time limit and under the role that may do so; each row's own tenant columns are the
   * caller's to write, and no policy checks them.
   */
  async copy(sql: string, lines: Readable): Promise<void> {
    await this.control(`SET LOCAL ROLE ${INGEST_ROLE}`);
    await pipeline(
      lines,
      this.#client.query(Object.assign(copyFrom(sql), { query_timeout: LONGEST_TIMER_MS })),
    );
    await this.control(`SET LOCAL ROLE ${SERVICE_ROLE}`);
  }

  /** Statements that touch no tenant table: local settings, advisory locks, the catalogue, the job queue. */
  async control<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#send(sql, values)).rows as Row[];
  }

  /**
   * Limits each of the transaction's further statements to so many milliseconds, and how long it may stand idle between
   * two of them, so that a service which has fallen silent does not keep its locks; null lifts the server's limits,
   * for a COPY, which lasts as long as its file is long.
   */
  async limit(limits: { statement_ms: number; idle_ms: number } | null): Promise<void> {
    const { statement_ms, idle_ms } = limits ?? { statement_ms: 0, idle_ms: 60_000 };
    if (limits) this.#query_timeout = statement_ms + NETWORK_MS;
    this.commit_timeout = this.#query_timeout ?? LONG_COMMIT_MS;
    await this.control(
      `SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)`,
      [String(statement_ms), String(idle_ms)],
    );
  }

  /** Plans the further statements by how many rows this tenant has: for those that read all of them. */
  async planForThisTenant(): Promise<void> {
    await this.control(
      'SET LOCAL plan_cache_mode = auto; SET LOCAL enable_mergejoin = on; SET LOCAL enable_hashjoin = on',
    );
  }

  /** Hangs up on a server that has fallen silent: whatever waits for it fails, and the transaction with it. */
  abandon(): void {
    cutOff(this.#client);
  }

  /**
   * Waits until no other transaction holds the lock of this name in this tenant, and holds it until its own end.
   * @throws LockBusyError when it was not to be had within so many milliseconds.
   */
  async lock(name: string, within_ms: number): Promise<void> {
    const { client_account_id, engagement_id } = this.tenant;
    try {
      await this.control(
        `SELECT set_config('lock_timeout', $2, true), pg_advisory_xact_lock(hashtextextended($1, 0)),
                set_config('lock_timeout', '0', true)`,
        [`${name} ${client_account_id} ${engagement_id}`, String(within_ms)],
      );
    } catch (error) {
      throw error instanceof DatabaseError && error.code === '55P03' ? new LockBusyError(name) : error;
    }
  }

  /** As `lock`, without waiting. @returns whether it was to be had. */
  async tryLock(name: string): Promise<boolean> {
    const { client_account_id, engagement_id } = this.tenant;
    const [answer] = await this.control<{ locked: boolean }>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked',
      [`${name} ${client_account_id} ${engagement_id}`],
    );
    return answer?.locked === true;
  }

  #query(sql: string, values: readonly unknown[], how?: Pick<QueryConfig, 'name' | 'types'>) {
    return this.#send(sql, [this.tenant.client_account_id, this.tenant.engagement_id, ...values], how);
  }

  #send(sql: string, values: readonly unknown[], how?: Pick<QueryConfig, 'name' | 'types'>) {
    return this.#client.query({ ...timed(sql, this.#query_timeout), ...how }, [...values]);
  }
}

/** What an answer may take on its way beyond the statement's own limit. */
const NETWORK_MS = 2_000;
/** A connection that has been idle may be dead without a sign; then the next one is tried soon. */
const BEGIN_MS = 5_000;
const LONG_COMMIT_MS = 600_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Instead of the values that pg makes of them. */
const AS_WRITTEN = { getTypeParser: () => (text: string) => text };

/** pg takes the limit of a single query, which its types do not know. */
function timed(text: string, query_timeout: number | undefined): { text: string } {
  return Object.assign({ text }, { query_timeout });
}

/** TypeORM wraps what pg throws; SQLSTATE and constraint are read off pg's own error everywhere. */
function unwrap(error: unknown): never {
  throw error instanceof QueryFailedError ? error.driverError : error;
}

export type TenantTx = TenantTransaction;

/**
 * Of a tenant that came after the last ANALYZE the statistics say that it has no rows, so every index that begins with
 * the tenant looks as good as any other, and the wrong one reads all of the tenant's rows for each row that is looked
 * up. A plan that does not know which tenant it is for takes it for one of average size. Rows that are named by their
 * keys are looked up one by one, since of an array the planner expects ten rows, and for those it may find it cheap to
 * merge or hash an index of the tenant's from its first row on.
 */
const PLAN_FOR_ANY_TENANT =
  'SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_mergejoin = off; SET LOCAL enable_hashjoin = off';

/** Names the tenant for the policies of row-level security. A transaction whose tenant is none sees nothing and writes nothing. */
function nameTenant({ client_account_id, engagement_id }: Tenant): string {
  return (
    `SET LOCAL app.client_account_id = ${escapeLiteral(client_account_id)}; ` +
    `SET LOCAL app.engagement_id = ${escapeLiteral(engagement_id)}`
  );
}

// What belongs to every transaction is sent with its BEGIN, so it costs no round trip. Several statements in one message
// cannot have parameters. Writers hold the gate that a rollback of the keys closes.
const BEGIN_WRITE = `START TRANSACTION; SELECT pg_advisory_xact_lock_shared(${WRITERS_GATE}); ${PLAN_FOR_ANY_TENANT}`;
const BEGIN_SNAPSHOT = `START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; ${PLAN_FOR_ANY_TENANT}`;
// The raw-asset keys are deferred. Checked here, a violation is an error of this work and not of a bare COMMIT.
const COMMIT = 'SET CONSTRAINTS ALL IMMEDIATE; COMMIT';

/** The server has not answered in time, and what it has done by now nobody knows. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Nothing more can be asked over this connection: the pool finds it broken and makes another. */
function cutOff(client: PoolClient): void {
  streamOf(client).destroy();
}

function streamOf(client: PoolClient): Socket {
  return (client as PoolClient & { connection: { stream: Socket } }).connection.stream;
}

/** Whether statements are sent before those ahead of them were answered. pg takes it for each client, and COPY forbids it. */
function setPipelined(client: PoolClient, isOn: boolean): void {
  (client as { pipeline: boolean }).pipeline = isOn;
}

@Injectable()
export class TenantDatabase {
  constructor(private readonly dataSource: DataSource) {}

  /** Read-write. Commits when `work` resolves, rolls back when it rejects. */
  transaction<Result>(tenant: Tenant, work: (tx: TenantTx) => Promise<Result>): Promise<Result> {
    return this.#run(tenant, async (client, tx) => {
      await begin(client, BEGIN_WRITE, tenant);
      return work(tx);
    });
  }

  /**
   * Read-only, and one snapshot for all of its statements. Those that `work` does not wait for in turn are one round
   * trip, and those that it begins with leave together with what begins the transaction.
   */
  snapshot<Result>(tenant: Tenant, work: (tx: TenantTx) => Promise<Result>): Promise<Result> {
    return this.#run(tenant, async (client, tx) => {
      setPipelined(client, true);
      const stream = streamOf(client);
      stream.cork();
      process.nextTick(() => {
        stream.uncork();
      });
      // Should it fail, so does what was sent behind it, and later.
      const [, result] = await Promise.all([
        begin(client, BEGIN_SNAPSHOT, tenant),
        Promise.resolve(tx).then(work),
      ]);
      return result;
    });
  }

  async #run<Result>(
    tenant: Tenant,
    work: (client: PoolClient, tx: TenantTx) => Promise<Result>,
  ): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      const tx = new TenantTransaction(tenant, runner, client);
      const result = await work(client, tx);
      await client.query(timed(COMMIT, tx.commit_timeout));
      return result;
    } catch (error) {
      if (isSilence(error)) cutOff(client);
      // On a broken connection ROLLBACK fails too; the first error is the one that says why.
      else
        await client.query(timed('ROLLBACK', BEGIN_MS)).catch(() => {
          cutOff(client);
        });
      throw error;
    } finally {
      setPipelined(client, false);
      await runner.release();
    }
  }
}

async function begin(client: PoolClient, statements: string, tenant: Tenant): Promise<void> {
  await client.query(timed(`${statements}; ${nameTenant(tenant)}`, BEGIN_MS));
}
