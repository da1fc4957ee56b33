import type { JsonScanner } from './json-scanner';

/** Takes a key of an object and the colon behind it. */
export async function readJsonKey(scanner: JsonScanner): Promise<string> {
  if ((await scanner.peek()) !== '"') throw scanner.malformed('a key is missing');
  const text = await scanner.value();
  await scanner.take(':');
  try {
    return JSON.parse(text) as string;
  } catch {
    throw scanner.malformed('a key is no well-formed text');
  }
}
