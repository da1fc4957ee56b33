const CHARS = 65_536;

/** Whether a text is of several lines, at least half of which are a JSON object each, as far as its beginning shows. */
export async function holdsLines(chunks: AsyncGenerator<string>): Promise<boolean> {
  const first = await chunks.next();
  await chunks.return(undefined);
  const text = first.done ? '' : first.value;
  const lines = text.slice(0, CHARS).split(/\r\n|\n|\r/);
  if (text.length > CHARS) lines.pop();
  const filled = lines.filter((line) => line.trim() !== '');
  return filled.length > 1 && filled.filter(isObject).length * 2 >= filled.length;
}

function isObject(line: string): boolean {
  if (!line.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
