import { dateParts, type DateParts } from './date-parts';
import { readPart } from './read-part';
import type { WorkbookArchive } from './workbook-archive';

/** Cell style number → what of a moment it shows, for the styles that show numbers as dates or times. */
export async function readDateStyles(
  archive: WorkbookArchive,
  path: string | null,
): Promise<ReadonlyMap<string, DateParts>> {
  const styles = new Map<string, DateParts>();
  if (path === null || !archive.has(path)) return styles;
  const formats = new Map<string, string>();
  let inCellFormats = false;
  let index = 0;
  await readPart(archive, path, {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') formats.set(numFmtId, formatCode);
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats) {
        const parts = dateParts(numFmtId, formats.get(numFmtId));
        if (parts) styles.set(String(index), parts);
        index++;
      }
    },
    text: () => undefined,
    close: (name) => {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}
