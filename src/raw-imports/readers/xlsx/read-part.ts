import type { WorkbookArchive } from './workbook-archive';
import { XmlReader, type XmlHandler } from './xml-reader';

/** Small parts are kept in memory whole, so they may not be larger than this. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Goes through a part of the workbook from end to end. */
export async function readPart(archive: WorkbookArchive, path: string, handler: XmlHandler): Promise<void> {
  const reader = new XmlReader(path, handler);
  for await (const bytes of archive.read(path, MAX_BYTES)) reader.write(bytes);
  reader.end();
}
