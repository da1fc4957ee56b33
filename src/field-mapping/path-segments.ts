// Objects that hold what describes a machine, and say nothing themselves.
const WRAPPERS = new Set([
  'ansible_facts',
  'attributes',
  'columns',
  'config',
  'configuration',
  'content',
  'data',
  'facts',
  'general',
  'hardware',
  'identity',
  'info',
  'inventory',
  'labels',
  'meta',
  'metadata',
  'networking',
  'osprofile',
  'properties',
  'result',
  'spec',
  'summary',
  'tag',
  'tags',
  'values',
]);

// A path has no blanks, so that `FT Sec. Latency` is none.
const PATH = /^[^\s.[\]]+(?:\.[^\s.[\]]+|\[\w*\])+$/u;

/** The keys that lead to a value of nested JSON, as in `guest.net[0].ipAddress`; a plain header is one of them. */
export function pathSegments(column: string): string[] {
  if (!PATH.test(column)) return [column];
  return column.split(/[.[\]]+/u).filter((segment) => segment !== '');
}

export function isWrapper(segment: string): boolean {
  return WRAPPERS.has(segment.toLowerCase());
}
