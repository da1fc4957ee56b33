import { isWrapper, pathSegments } from './path-segments';
import { readHeader } from './read-header';

/** Of the headers that profiles name, which are the same for each table and as many as the profiles have. */
const PROFILE_KEYS = new Map<string, string>();

/**
 * Finds the columns that a profile speaks of, also within objects that only wrap them, so that `ansible_hostname` finds
 * `ansible_facts.ansible_hostname`; of several the one that lies least deep.
 */
export class ProfileColumns {
  private readonly byKey = new Map<string, string>();

  constructor(columns: readonly string[]) {
    const paths = columns.map((column) => ({ column, segments: pathSegments(column) }));
    for (const { column, segments } of paths) this.add(segments, column);
    paths.sort((a, b) => a.segments.length - b.segments.length);
    for (const { column, segments } of paths) {
      for (let start = 0; start < segments.length - 1 && isWrapper(segments[start] ?? ''); start += 1) {
        this.add(segments.slice(start + 1), column);
      }
    }
  }

  /** The column that a profile means by this header of its own; null where the table has none. */
  find(header: string): string | null {
    let key = PROFILE_KEYS.get(header);
    if (key === undefined) PROFILE_KEYS.set(header, (key = keyOf(pathSegments(header))));
    return this.byKey.get(key) ?? null;
  }

  private add(segments: readonly string[], column: string): void {
    const key = keyOf(segments);
    if (key !== '' && !this.byKey.has(key)) this.byKey.set(key, column);
  }
}

function keyOf(segments: readonly string[]): string {
  return readHeader(segments.join(' ')).key;
}
