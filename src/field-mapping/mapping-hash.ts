import { createHash } from 'node:crypto';

/**
 * The hash that an asset keeps of the flow and the mappings that made it: sha-256 (hex) over the text that Python's
 * `json.dumps({"flow_id": …, "mappings": …}, sort_keys=True)` prints. Null for no mappings.
 */
export function mappingHash(
  discoveryFlowId: string,
  mappings: Readonly<Record<string, string>>,
): string | null {
  const entries = Object.entries(mappings).sort(([a], [b]) => compareCodePoints(a, b));
  if (entries.length === 0) return null;
  const members = entries.map(([source, target]) => `${pythonString(source)}: ${pythonString(target)}`);
  const text = `{"flow_id": ${pythonString(discoveryFlowId)}, "mappings": {${members.join(', ')}}}`;
  return createHash('sha256').update(text).digest('hex');
}

// Python sorts by code point; UTF-16 units, JavaScript's order, put U+1F5A5 before U+FF29.
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

// Python escapes everything outside the printable ASCII characters, DEL included.
function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
