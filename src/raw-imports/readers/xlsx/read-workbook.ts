import { UnsupportedTypeError } from '../../../errors/unsupported-type.error';
import { readPart } from './read-part';
import { readRelationships } from './read-relationships';
import type { WorkbookArchive } from './workbook-archive';

export interface Sheet {
  name: string;
  visible: boolean;
  path: string;
}

export interface Workbook {
  /** Those with cells, in the order of their tabs; a chart on a sheet of its own is none. */
  sheets: Sheet[];
  /** Whether days count from 1904, as in workbooks from old Macs. */
  date1904: boolean;
  sharedStringsPath: string | null;
  stylesPath: string | null;
}

export async function readWorkbook(archive: WorkbookArchive): Promise<Workbook> {
  const path = await findWorkbook(archive);
  const relationships = await readRelationships(archive, path);
  const pathOf = (type: string): string | null =>
    relationships.find((one) => one.type === type)?.path ?? null;
  const worksheets = new Map(
    relationships.filter(({ type }) => type === 'worksheet').map((one) => [one.id, one.path]),
  );
  const seen = new Set<string>();
  const workbook: Workbook = {
    sheets: [],
    date1904: false,
    sharedStringsPath: pathOf('sharedStrings'),
    stylesPath: pathOf('styles'),
  };
  await readPart(archive, path, {
    open: (name, attributes) => {
      if (name === 'workbookPr') workbook.date1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const id = relationshipId(attributes) ?? '';
      const target = worksheets.get(id);
      // A thousand sheets that share one part would take a thousand times as long to look at.
      if (target === undefined || seen.has(target)) return;
      seen.add(target);
      const visible = (attributes.state ?? 'visible') === 'visible';
      workbook.sheets.push({ name: attributes.name ?? '', visible, path: target });
    },
    text: () => undefined,
    close: () => undefined,
  });
  return workbook;
}

async function findWorkbook(archive: WorkbookArchive): Promise<string> {
  const found = archive.has('_rels/.rels')
    ? (await readRelationships(archive, '')).find(({ type }) => type === 'officeDocument')
    : undefined;
  if (!found || !/\.xml$/i.test(found.path)) {
    throw new UnsupportedTypeError(
      'The file is a zip archive but no XLSX workbook. Upload the file inside it, or save the workbook as .xlsx.',
    );
  }
  return found.path;
}

/** `r:id`, whatever the prefix; the attribute without one is another. */
function relationshipId(attributes: Readonly<Record<string, string>>): string | undefined {
  const key = Object.keys(attributes).find((name) => name.endsWith(':id'));
  return key === undefined ? undefined : attributes[key];
}
