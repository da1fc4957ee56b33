const DIACRITICS = /\p{M}/gu;
const CAMEL_HUMP = /(\p{Ll}|\p{N})(\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu;
const SEPARATORS = /[^\p{L}\p{N}]+/u;

/** The lower-case words of a header or cell: `ServerRole`, `server_role` and `Server-Role:` are all `server role`. */
export function splitWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/œ/giu, 'oe')
    .replaceAll('%', ' percent ')
    .replace(CAMEL_HUMP, (_hump, before: string | undefined, upper: string | undefined, last: string) =>
      before === undefined ? `${last} ` : `${before} ${upper ?? ''}`,
    )
    .toLowerCase()
    .split(SEPARATORS)
    .filter((word) => word !== '');
}
