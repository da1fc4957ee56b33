import { StringDecoder } from 'node:string_decoder';

import { SaxesParser } from 'saxes';

import { UnreadableFileError } from '../../../errors/unreadable-file.error';

const MAX_DEPTH = 64;
/** Of one tag or text, which the parser gathers in memory. Cells end at 32,767 characters. */
const MAX_TOKEN_CHARS = 8 * 1024 * 1024;

/** Element and attribute names come without their prefix: some writers put one before every name, others none. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** Feeds the bytes of a workbook's part to a handler, element by element. */
export class XmlReader {
  private readonly decoder = new StringDecoder('utf8');
  private readonly parser = new SaxesParser<{ xmlns: false; position: false }>({
    xmlns: false,
    position: false,
  });
  private depth = 0;
  private charsSinceEvent = 0;

  constructor(
    private readonly part: string,
    handler: XmlHandler,
  ) {
    this.parser.on('opentag', ({ name, attributes }) => {
      this.charsSinceEvent = 0;
      if (++this.depth > MAX_DEPTH) throw this.refusal('nested too deep');
      handler.open(localName(name), attributes);
    });
    this.parser.on('closetag', ({ name }) => {
      this.charsSinceEvent = 0;
      this.depth--;
      handler.close(localName(name));
    });
    this.parser.on('text', (text) => {
      handler.text(text);
    });
    this.parser.on('cdata', (text) => {
      handler.text(text);
    });
    this.parser.on('error', (error) => {
      throw this.refusal(error.message);
    });
  }

  write(bytes: Buffer): void {
    const text = this.decoder.write(bytes);
    this.charsSinceEvent += text.length;
    this.parser.write(text);
    if (this.charsSinceEvent > MAX_TOKEN_CHARS) throw this.refusal('one tag or text of it is too long');
  }

  end(): void {
    this.parser.write(this.decoder.end()).close();
  }

  private refusal(reason: string): UnreadableFileError {
    return new UnreadableFileError(`The workbook is damaged: ${reason} (in its part ${this.part}).`);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
