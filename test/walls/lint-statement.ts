import { parse } from 'libpg-query';

/** PostgreSQL's own parse tree, as far as it is looked at: node type → fields. */
type Node = Record<string, unknown>;

const TENANT_COLUMNS = ['client_account_id', 'engagement_id'] as const;
type TenantColumn = (typeof TENANT_COLUMNS)[number];

/** A tenant column of a table, by the table's alias. */
const key = (alias: string, column: string) => `${alias}.${column}`;

/** A table of a query level that holds rows of tenants. */
interface TenantTable {
  name: string;
  alias: string;
}

/**
 * What narrows a level: tenant columns that are equal to each other, and those that are equal to the tenant's
 * parameter. Inner levels see what outer ones have narrowed.
 */
class Scope {
  private static scopes = 0;
  /** Stands for the alias of the only table of the level, where a column has none. */
  readonly only = `#${Scope.scopes++}`;
  private readonly equal = new Map<string, string[]>();

  constructor(
    private readonly outer: Scope | null,
    private readonly parameters: Record<TenantColumn, number>,
  ) {}

  equate(left: string, right: string): void {
    this.equal.set(left, [...(this.equal.get(left) ?? []), right]);
    this.equal.set(right, [...(this.equal.get(right) ?? []), left]);
  }

  isBound(alias: string, column: TenantColumn): boolean {
    const goal = `$${this.parameters[column]}`;
    const seen = new Set<string>();
    const look = [key(alias, column)];
    for (let next; (next = look.pop()) !== undefined;) {
      if (next === goal) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      look.push(...this.equals(next));
    }
    return false;
  }

  private equals(side: string): string[] {
    return [...(this.equal.get(side) ?? []), ...(this.outer?.equals(side) ?? [])];
  }
}

/**
 * Whether a statement can reach rows of another tenant: every table with tenants, at every level, must have both of its
 * tenant columns equal to the tenant's parameters ($1 and $2 unless said otherwise), by itself or through another such
 * table; what is inserted must carry them, and nothing may change them.
 * @param tenantTables names without schema.
 * @returns what is wrong, a line each.
 */
export async function lintStatement(
  sql: string,
  tenantTables: ReadonlySet<string>,
  parameters: Record<TenantColumn, number> = { client_account_id: 1, engagement_id: 2 },
): Promise<string[]> {
  const { stmts = [] } = await parse(sql);
  const problems: string[] = [];
  for (const { stmt } of stmts as { stmt: Node }[]) {
    visit(stmt, null);
  }
  return problems;

  function visit(node: unknown, outer: Scope | null): void {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, outer);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    for (const [type, fields] of Object.entries(node as Node)) {
      if (/^(Select|Update|Delete|Insert|Merge)Stmt$/.test(type)) level(type, fields as Node, outer);
      else visit(fields, outer);
    }
  }

  function level(type: string, statement: Node, outer: Scope | null): void {
    const scope = new Scope(outer, parameters);
    if (type === 'MergeStmt') problems.push('MERGE is not understood');
    const tables: TenantTable[] = [];
    const from = [
      ...((statement.fromClause as Node[] | undefined) ?? []),
      ...((statement.usingClause as Node[] | undefined) ?? []),
      ...(type === 'UpdateStmt' || type === 'DeleteStmt' ? [{ RangeVar: statement.relation }] : []),
    ];
    for (const item of from) source(item, scope, tables);
    const [single] = tables;
    if (single && from.length === 1 && tables.length === 1) {
      for (const column of TENANT_COLUMNS) scope.equate(key(single.alias, column), key(scope.only, column));
    }
    narrow(statement.whereClause as Node | undefined, scope, null);
    for (const { name, alias } of tables) {
      for (const column of TENANT_COLUMNS) {
        if (!scope.isBound(alias, column)) problems.push(`${name} ${alias}: ${column} is not the tenant's`);
      }
    }
    if (type === 'UpdateStmt') refuseMoves(statement.targetList as Node[]);
    if (type === 'InsertStmt') checkInsert(statement, scope);
    for (const field of Object.values(statement)) visit(field, scope);
    // UNION: each side is a level of its own, without a type around it.
    for (const side of [statement.larg, statement.rarg]) {
      if (side !== undefined) level('SelectStmt', side as Node, outer);
    }
  }

  /** Collects the tables of FROM, and what the ON of its joins narrows. */
  function source(item: Node, scope: Scope, tables: TenantTable[]): string[] {
    const range = item.RangeVar as { relname: string; alias?: { aliasname: string } } | undefined;
    if (range) {
      const alias = range.alias?.aliasname ?? range.relname;
      if (tenantTables.has(range.relname)) tables.push({ name: range.relname, alias });
      return [alias];
    }
    const join = item.JoinExpr as
      | {
          jointype: string;
          larg: Node;
          rarg: Node;
          quals?: Node;
          usingClause?: { String: { sval: string } }[];
        }
      | undefined;
    if (join) {
      const left = source(join.larg, scope, tables);
      const right = source(join.rarg, scope, tables);
      // ON keeps no row of the side that an outer join fills up.
      const narrowed = { JOIN_INNER: null, JOIN_LEFT: right, JOIN_RIGHT: left }[join.jointype];
      if (narrowed !== undefined) {
        narrow(join.quals, scope, narrowed);
        for (const { String: name } of join.usingClause ?? []) {
          for (const a of left) for (const b of right) scope.equate(key(a, name.sval), key(b, name.sval));
        }
      }
      return [...left, ...right];
    }
    const derived = (item.RangeSubselect ?? item.RangeFunction) as
      { alias?: { aliasname: string } } | undefined;
    return derived?.alias ? [derived.alias.aliasname] : [];
  }

  /** @param only aliases that the condition narrows; null is all of them. */
  function narrow(condition: Node | undefined, scope: Scope, only: string[] | null): void {
    const and = condition?.BoolExpr as { boolop: string; args: Node[] } | undefined;
    if (and?.boolop === 'AND_EXPR') for (const part of and.args) narrow(part, scope, only);
    const compared = condition?.A_Expr as
      { kind: string; name: { String: { sval: string } }[]; lexpr: Node; rexpr: Node } | undefined;
    if (compared?.kind !== 'AEXPR_OP' || compared.name[0]?.String.sval !== '=') return;
    const [left, right] = [operand(compared.lexpr, scope), operand(compared.rexpr, scope)];
    if (!left || !right) return;
    const alias = (side: string) => (side.startsWith('$') ? null : side.slice(0, side.lastIndexOf('.')));
    const narrows = [alias(left), alias(right)].some(
      (name) => name !== null && (only?.includes(name) ?? true),
    );
    if (narrows) scope.equate(left, right);
  }

  /** A column by its alias, or a parameter; anything else narrows nothing. */
  function operand(node: Node, scope: Scope): string | null {
    const parameter = node.ParamRef as { number: number } | undefined;
    if (parameter) return `$${parameter.number}`;
    const fields = (node.ColumnRef as { fields: { String?: { sval: string } }[] } | undefined)?.fields;
    const [alias, column] = fields?.map(({ String: name }) => name?.sval) ?? [];
    if (fields?.length === 2) return key(alias ?? '', column ?? '');
    return fields?.length === 1 ? key(scope.only, alias ?? '') : null;
  }

  function refuseMoves(targets: Node[]): void {
    for (const { ResTarget: target } of targets as { ResTarget: { name: string } }[]) {
      if (TENANT_COLUMNS.includes(target.name as TenantColumn)) problems.push(`${target.name} is changed`);
    }
  }

  function checkInsert(statement: Node, scope: Scope): void {
    const table = (statement.relation as { relname: string }).relname;
    if (!tenantTables.has(table)) return;
    const columns = ((statement.cols as { ResTarget: { name: string } }[] | undefined) ?? []).map(
      ({ ResTarget: { name } }) => name,
    );
    const select = (statement.selectStmt as { SelectStmt: Node } | undefined)?.SelectStmt;
    const rows = select?.valuesLists as { List: { items: Node[] } }[] | undefined;
    const lists = rows
      ? rows.map(({ List }) => List.items)
      : [
          ((select?.targetList as { ResTarget: { val: Node } }[] | undefined) ?? []).map(
            (t) => t.ResTarget.val,
          ),
        ];
    const inner = new Scope(scope, parameters);
    for (const item of (select?.fromClause as Node[] | undefined) ?? []) source(item, inner, []);
    narrow(select?.whereClause as Node | undefined, inner, null);
    for (const column of TENANT_COLUMNS) {
      for (const values of lists) {
        const given = values[columns.indexOf(column)];
        const from = given ? operand(given, inner) : null;
        const isTenants =
          from === `$${parameters[column]}` ||
          (from?.endsWith(`.${column}`) && inner.isBound(from.slice(0, from.lastIndexOf('.')), column));
        if (!isTenants) problems.push(`${table}: ${column} is not inserted as the tenant's`);
      }
    }
  }
}
