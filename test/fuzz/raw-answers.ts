export interface FuzzAnswer {
  status: number;
  headers: [name: string, value: string][];
  text: string;
}

const HEAD = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n/;

/**
 * The answers in what a connection gave: more than one where a request was two to the service.
 * @returns null for what is no HTTP; the last one may be cut off.
 */
export function rawAnswers(bytes: Buffer, method: string): FuzzAnswer[] | null {
  const answers: FuzzAnswer[] = [];
  // Offsets are those of bytes.
  let rest = bytes.toString('latin1');
  while (rest !== '') {
    const status = Number(HEAD.exec(rest)?.[1]);
    const end = rest.indexOf('\r\n\r\n');
    if (Number.isNaN(status) || end === -1) return null;
    const headers = rest
      .slice(0, end)
      .split('\r\n')
      .slice(1)
      .map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      });
    rest = rest.slice(end + 4);
    if (status < 200) continue;
    // What follows on the same connection are requests of other methods; what cannot be read as HTTP has none.
    const isBare = (answers.length === 0 && method === 'HEAD' && !rest.startsWith('{')) || status === 204;
    const [body, next] = isBare ? ['', rest] : bodyOf(rest, headers);
    answers.push({ status, headers, text: Buffer.from(body, 'latin1').toString() });
    rest = next;
  }
  return answers;
}

function bodyOf(rest: string, headers: FuzzAnswer['headers']): [body: string, rest: string] {
  const header = (name: string) => headers.find(([other]) => other === name)?.[1];
  if (header('transfer-encoding') !== 'chunked') {
    const length = Number(header('content-length') ?? rest.length);
    return [rest.slice(0, length), rest.slice(length)];
  }
  let body = '';
  for (let from = 0; ;) {
    const line = rest.indexOf('\r\n', from);
    const size = parseInt(rest.slice(from, line), 16);
    if (line === -1 || Number.isNaN(size)) return [body, ''];
    body += rest.slice(line + 2, line + 2 + size);
    from = line + 2 + size + 2;
    if (size === 0) return [body, rest.slice(from)];
  }
}
