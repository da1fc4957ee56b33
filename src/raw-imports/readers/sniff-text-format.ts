import { UnsupportedTypeError } from '../../errors/unsupported-type.error';

export interface Claim {
  filename: string;
  media_type: string | null;
}

export type TextFormat = 'delimited' | 'json' | 'ndjson';

const MARKUP = /^\s*<(?:\?xml|!doctype|html)/i;
/** A value must follow the bracket, or a header like `[Name],[IP]` would pass for JSON. */
const JSON_START = /^\s*(?:\[\s*(?:[[{"\]\d-]|true|false|null|$)|\{\s*(?:["}]|$))/;
const NDJSON_CLAIM =
  /\.(?:ndjson|jsonl)(?:\.gz)?$|^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)$/;
const JSON_CLAIM = /\.json(?:\.gz)?$|^(?:application|text)\/(?:[\w.-]+\+)?json$/;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROLS = /[\0-\x08\x0e-\x19\x1b-\x1f]/g;

/** What kind of text a file holds: by how it begins, then by what its name and media type claim. */
export function sniffTextFormat(sample: string, claim: Claim): TextFormat {
  if (MARKUP.test(sample)) {
    throw new UnsupportedTypeError('The file is an HTML or XML document, not an inventory.');
  }
  if (isBinary(sample)) throw new UnsupportedTypeError('The file is binary data, not an inventory.');
  const claims = (pattern: RegExp): boolean =>
    pattern.test(claim.filename.toLowerCase()) || pattern.test(essence(claim.media_type));
  if (JSON_START.test(sample)) {
    return claims(NDJSON_CLAIM) && !sample.trimStart().startsWith('[') ? 'ndjson' : 'json';
  }
  if (claims(NDJSON_CLAIM)) return 'ndjson';
  return claims(JSON_CLAIM) ? 'json' : 'delimited';
}

function essence(mediaType: string | null): string {
  return (mediaType ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** Text has next to no control characters; compressed data has one in ten. Short texts with a stray one are let pass. */
function isBinary(sample: string): boolean {
  const head = sample.slice(0, 65536);
  return head.length >= 512 && (head.match(CONTROLS)?.length ?? 0) > head.length / 20;
}
