const REASONS = ['row_number', 'column', 'value', 'error_code', 'message'] as const;

export type ReasonColumns = Record<(typeof REASONS)[number], string>;

/**
 * What the columns with the reasons are called in a rejects file, behind the import's own `columns`, in their order
 * there. A file may have a column of its own by one of these names.
 */
export function reasonColumns(columns: readonly string[]): ReasonColumns {
  const taken = new Set(columns);
  const names = REASONS.map((reason) => {
    let name: string = reason;
    while (taken.has(name)) name += ' (reject)';
    return [reason, name];
  });
  return Object.fromEntries(names) as ReasonColumns;
}
