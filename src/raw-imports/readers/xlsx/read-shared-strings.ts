import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { LIMITS } from '../limits';
import type { SpooledFile } from '../spooled-file';
import { RichText } from './rich-text';
import { SharedStrings } from './shared-strings';
import type { WorkbookArchive } from './workbook-archive';
import { XmlReader } from './xml-reader';

/** The texts that cells refer to by number. They are in no order that would allow to stream them. */
export async function readSharedStrings(
  file: SpooledFile,
  archive: WorkbookArchive,
  path: string | null,
): Promise<SharedStrings | null> {
  if (path === null || !archive.has(path)) return null;
  const strings = new SharedStrings(await file.openScratch());
  const item = new RichText(() => {
    throw new UnreadableFileError(
      `Shared text ${strings.count} of the workbook is longer than ${LIMITS.cell_chars} characters.`,
    );
  });
  const reader = new XmlReader(path, {
    open: (name) => {
      item.open(name);
    },
    text: (text) => {
      item.add(text);
    },
    close: (name) => {
      item.close(name);
      if (name === 'si') strings.add(item.take());
    },
  });
  for await (const bytes of archive.read(path)) {
    reader.write(bytes);
    await strings.flush();
  }
  reader.end();
  await strings.end();
  return strings;
}
