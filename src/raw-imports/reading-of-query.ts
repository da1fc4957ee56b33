import { InvalidInputError } from '../errors/invalid-input.error';
import type { CreateImportQuery } from './dto/create-import.query';
import { charsetOf } from './readers/eight-bit/charsets';
import type { Reading } from './readers/reading';
import { replaceUnstorable } from './readers/replace-unstorable';

const DELIMITERS = new Map([
  ['comma', ','],
  ['semicolon', ';'],
  ['tab', '\t'],
  ['pipe', '|'],
]);
/** No cell could begin with one of these, and PostgreSQL stores no NUL. */
const NO_DELIMITERS = /["\r\n\0]/;

/** @throws InvalidInputError (`delimiter`, `encoding`) */
export function readingOfQuery(query: CreateImportQuery): Reading {
  const { sheet, header, footer } = query;
  return {
    sheet: sheet ?? null,
    header: header === undefined ? null : header === 'none' ? 'none' : Number(header),
    delimiter: query.delimiter === undefined ? null : delimiter(query.delimiter),
    encoding: query.encoding === undefined ? null : encoding(query.encoding),
    keep_footer: footer === 'keep',
  };
}

function delimiter(text: string): string {
  const char = DELIMITERS.get(text) ?? text;
  if (char.length === 1 && !NO_DELIMITERS.test(char)) return char;
  const message = `must be one character, or one of ${[...DELIMITERS.keys()].join(', ')}`;
  throw new InvalidInputError([{ field: 'delimiter', message }]);
}

function encoding(label: string): string {
  try {
    return charsetOf(label);
  } catch {
    const message = 'must be the name of an encoding, such as utf-8, windows-1250 or macintosh';
    throw new InvalidInputError([{ field: 'encoding', message }]);
  }
}

/** What overrides the detection, as it was given: another way to read the same bytes is another import. */
export function overrides(query: CreateImportQuery): Record<string, string> {
  const { header, delimiter, encoding, footer, group_by, source } = query;
  const given = { header, delimiter, encoding, footer, group_by, source };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, replaceUnstorable(value)]],
    ),
  );
}
