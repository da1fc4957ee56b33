export interface SheetSource {
  name: string;
  /** The XML within `sheetData`. */
  data: string;
  state?: 'hidden' | 'veryHidden';
}

/** The parts of a workbook as the OpenXML SDK writes them: every element under a prefix, `x:` unless told. */
export function workbookParts(
  sheets: SheetSource[],
  { prefix = 'x:', sharedStrings = '', styles = '', date1904 = false } = {},
): Record<string, string> {
  const p = prefix;
  const namespace = `xmlns${p === '' ? '' : ':x'}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`;
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relationships = (entries: string[]): string => `<Relationships>${entries.join('')}</Relationships>`;
  const relationship = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const element = (name: string, content: string): string =>
    `<?xml version="1.0" encoding="utf-8"?><${p}${name} ${namespace}>${content}</${p}${name}>`;
  const tabs = sheets.map(
    ({ name, state }, i) =>
      `<${p}sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} q:id="rel${i}"/>`,
  );
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships([relationship('r', 'officeDocument', '/xl/workbook.xml')]),
    'xl/workbook.xml': element(
      'workbook',
      `<${p}workbookPr date1904="${date1904 ? 1 : 0}"/><${p}sheets xmlns:q="${office}">${tabs.join('')}</${p}sheets>`,
    ),
    'xl/_rels/workbook.xml.rels': relationships([
      ...sheets.map((_, i) => relationship(`rel${i}`, 'worksheet', `worksheets/sheet${i}.xml`)),
      relationship('strings', 'sharedStrings', 'sharedStrings.xml'),
      relationship('styles', 'styles', '/xl/styles.xml'),
    ]),
    'xl/sharedStrings.xml': element('sst', sharedStrings),
    'xl/styles.xml': element('styleSheet', styles),
  };
  sheets.forEach(({ data }, i) => {
    const range = `<${p}dimension ref="A1:B2"/>`;
    parts[`xl/worksheets/sheet${i}.xml`] = element(
      'worksheet',
      `${range}<${p}sheetData>${data}</${p}sheetData>`,
    );
  });
  return parts;
}
