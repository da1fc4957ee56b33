import { LIMITS } from '../limits';
import type { JsonScanner } from './json-scanner';
import { readJsonKey } from './read-json-key';

/** Where the records of a JSON text lie: in the root array, in an array of the root object, one a line, or in it itself. */
export type JsonRoot =
  { kind: 'array' } | { kind: 'envelope'; key: string } | { kind: 'lines' } | { kind: 'record' };

/** Objects that tell of the answer rather than of a record, as they come with paged APIs. */
const PAGING = /^_?(?:links?|meta(?:_?data)?|pag(?:e|es|er|ing|ination)(?:_?info)?|cursors?)$/i;

/** Of what can be neither a record nor a list of them. */
const MAX_KEYS = 2 * LIMITS.columns;

type Member = 'scalar' | 'paging' | 'records' | 'other';

/** Goes over the text as far as it must, holding none of it: an object that is no envelope is one record. */
export async function inspectRoot(scanner: JsonScanner): Promise<JsonRoot> {
  if ((await scanner.take('[', '{')) === '[') return { kind: 'array' };
  const firstLine = scanner.line;
  const members: [key: string, member: Member][] = [];
  if ((await scanner.peek()) === '}') {
    await scanner.take('}');
  } else {
    do {
      const key = await readJsonKey(scanner);
      members.push([key, await readMember(scanner, key)]);
      if (members.length > MAX_KEYS) throw scanner.malformed(`an object has more than ${MAX_KEYS} keys`);
    } while ((await scanner.take(',', '}')) === ',');
  }
  const lastLine = scanner.line;
  if ((await scanner.peek()) !== '') {
    if (firstLine === lastLine && scanner.line > lastLine) return { kind: 'lines' };
    throw scanner.malformed('text follows the end of the document');
  }
  return envelopeOf(members) ?? { kind: 'record' };
}

async function readMember(scanner: JsonScanner, key: string): Promise<Member> {
  const first = await scanner.peek();
  if (first === '[') return (await holdsOnlyObjects(scanner)) ? 'records' : 'other';
  const text = await scanner.value();
  try {
    JSON.parse(text);
  } catch {
    throw scanner.malformed(`the value of "${key}" is none`);
  }
  if (first !== '{') return 'scalar';
  return PAGING.test(key) ? 'paging' : 'other';
}

async function holdsOnlyObjects(scanner: JsonScanner): Promise<boolean> {
  await scanner.take('[');
  if ((await scanner.peek()) === ']') {
    await scanner.take(']');
    return false;
  }
  let onlyObjects = true;
  do {
    onlyObjects &&= (await scanner.peek()) === '{';
    await scanner.skipValue();
  } while ((await scanner.take(',', ']')) === ',');
  return onlyObjects;
}

/** A repeated or forbidden key makes the object a record, which is then rejected for it. */
function envelopeOf(members: [key: string, member: Member][]): JsonRoot | null {
  const keys = new Set(members.map(([key]) => key));
  const [list, ...furtherLists] = members.filter(([, member]) => member === 'records');
  const isEnvelope =
    furtherLists.length === 0 &&
    members.every(([, member]) => member !== 'other') &&
    keys.size === members.length &&
    !keys.has('__proto__');
  return list !== undefined && isEnvelope ? { kind: 'envelope', key: list[0] } : null;
}
