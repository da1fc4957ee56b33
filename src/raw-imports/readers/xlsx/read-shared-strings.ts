import { readPart } from './read-part';
import { RichText } from './rich-text';
import type { WorkbookArchive } from './workbook-archive';

/** The texts that cells refer to by number. They are in no order that would allow to stream them. */
export async function readSharedStrings(archive: WorkbookArchive, path: string | null): Promise<string[]> {
  const strings: string[] = [];
  if (path === null || !archive.has(path)) return strings;
  const item = new RichText();
  await readPart(archive, path, {
    open: (name) => {
      item.open(name);
    },
    text: (text) => {
      item.add(text);
    },
    close: (name) => {
      item.close(name);
      if (name === 'si') strings.push(item.take());
    },
  });
  return strings;
}
