import { UnsupportedTypeError } from '../../errors/unsupported-type.error';

export interface Claim {
  filename: string;
  media_type: string | null;
}

export type TextFormat = 'delimited' | 'json' | 'ndjson';

const MARKUP = /^\s*<(?:\?xml|!doctype|!--|html|head|meta|style|body|table|workbook)/i;
/** What web applications hand out under the name of `.xls`. */
const SHEET_IN_MARKUP = /<table[\s>]|progid="Excel|urn:schemas-microsoft-com:office:spreadsheet/i;
const WEB_ARCHIVE = /^\s*MIME-Version: *1\.0\s/i;
/** A value must follow the bracket, or a header like `[Name],[IP]` would pass for JSON. */
const JSON_START = /^\s*(?:\[\s*(?:[[{"\]\d-]|true|false|null|$)|\{\s*(?:["}]|$))/;
const NDJSON_CLAIM =
  /\.(?:ndjson|jsonl)(?:\.gz)?$|^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)$/;
const JSON_CLAIM = /\.json(?:\.gz)?$|^(?:application|text)\/(?:[\w.-]+\+)?json$/;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROLS = /[\0-\x08\x0e-\x19\x1b-\x1f]/g;

/** What kind of text a file holds: by how it begins, then by what its name and media type claim. */
export function sniffTextFormat(sample: string, claim: Claim): TextFormat {
  if (MARKUP.test(sample) || WEB_ARCHIVE.test(sample)) throw markupRefusal(sample, claim);
  if (isBinary(sample)) throw new UnsupportedTypeError('The file is binary data, not an inventory.');
  const claims = (pattern: RegExp): boolean =>
    pattern.test(claim.filename.toLowerCase()) || pattern.test(essence(claim.media_type));
  if (JSON_START.test(sample)) {
    return claims(NDJSON_CLAIM) && !sample.trimStart().startsWith('[') ? 'ndjson' : 'json';
  }
  if (claims(NDJSON_CLAIM)) return 'ndjson';
  return claims(JSON_CLAIM) ? 'json' : 'delimited';
}

function markupRefusal(sample: string, { filename }: Claim): UnsupportedTypeError {
  const isSheet = SHEET_IN_MARKUP.test(sample) || /\.xl\w+$/i.test(filename);
  return new UnsupportedTypeError(
    isSheet
      ? 'The file is a table in HTML or XML, whatever its name says. Open it in Excel or LibreOffice and save it as .xlsx.'
      : 'The file is an HTML or XML document, not an inventory.',
  );
}

function essence(mediaType: string | null): string {
  return (mediaType ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** Text has next to no control characters; compressed data has one in ten. Short texts with a stray one are let pass. */
function isBinary(sample: string): boolean {
  const head = sample.slice(0, 65536);
  return head.length >= 512 && (head.match(CONTROLS)?.length ?? 0) > head.length / 20;
}
