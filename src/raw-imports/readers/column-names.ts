/**
 * The names of a table's columns. Headers are kept apart when they repeat (`IP`, `IP (2)`); a column without a header
 * comes into being as `column_N` when the first text is found under it.
 */
export class ColumnNames {
  private readonly byPosition: (string | undefined)[];
  private readonly taken = new Set<string>();
  /** Up to which number each repeated name is taken. */
  private readonly repeats = new Map<string, number>();

  constructor(headers: string[]) {
    const trimmed = headers.map((header) => header.trim());
    // All headers come first, so that the `(2)` of a repeated one never takes the name of a later one.
    const own = new Set(trimmed);
    this.byPosition = trimmed.map((header) => {
      if (header === '') return undefined;
      return this.claim(header, (name) => this.taken.has(name) || (name !== header && own.has(name)));
    });
  }

  get width(): number {
    return this.byPosition.length;
  }

  /** Undefined where the column has no header and no text has been found under it so far. */
  at(position: number): string | undefined {
    return this.byPosition[position];
  }

  /** The name of a column that text has been found under. */
  require(position: number): string {
    return (this.byPosition[position] ??= this.claim(`column_${position + 1}`, (name) =>
      this.taken.has(name),
    ));
  }

  list(): string[] {
    return this.byPosition.filter((name) => name !== undefined);
  }

  private claim(wanted: string, isTaken: (name: string) => boolean): string {
    let name = wanted;
    let n = this.repeats.get(wanted) ?? 1;
    while (isTaken(name)) name = `${wanted} (${++n})`;
    this.repeats.set(wanted, n);
    this.taken.add(name);
    return name;
  }
}
