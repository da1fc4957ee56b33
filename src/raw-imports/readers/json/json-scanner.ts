import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { LIMITS } from '../limits';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LF = 0x0a;

/** Finds where the values of a JSON text of any size begin and end, without looking at what is in them. */
export class JsonScanner {
  /** The line of the character that `peek` returned last. */
  line = 1;
  private text = '';
  private position = 0;

  constructor(private readonly chunks: AsyncGenerator<string>) {}

  /** The next character that is no blank; empty at the end. */
  async peek(): Promise<string> {
    for (;;) {
      for (; this.position < this.text.length; this.position++) {
        const char = this.text.charAt(this.position);
        if (char === '\n' || (char === '\r' && this.text.charAt(this.position + 1) !== '\n')) this.line++;
        else if (char !== ' ' && char !== '\r' && char !== '\t') return char;
      }
      if (!(await this.fill())) return '';
    }
  }

  /** Takes the next character, which must be one of these. */
  async take(...expected: string[]): Promise<string> {
    const char = await this.peek();
    if (!expected.includes(char)) {
      const names = expected.map((one) => `"${one}"`).join(' or ');
      throw this.malformed(
        char === '' ? `the file ends where ${names} is missing` : `${names} was expected, not "${char}"`,
      );
    }
    this.position++;
    return char;
  }

  /** The text of the value that begins here. */
  async value(): Promise<string> {
    return this.scan(true);
  }

  async skipValue(): Promise<void> {
    await this.scan(false);
  }

  async close(): Promise<void> {
    await this.chunks.return(undefined);
  }

  malformed(reason: string): UnreadableFileError {
    return new UnreadableFileError(`The file is no well-formed JSON: in line ${this.line} ${reason}.`);
  }

  private async scan(keep: boolean): Promise<string> {
    if ((await this.peek()) === '') throw this.malformed('a value is missing');
    const startLine = this.line;
    let depth = 0;
    let inText = false;
    let at = this.position;
    for (;;) {
      if (at >= this.text.length) {
        if (!keep) this.position = Math.min(at, this.text.length);
        at -= this.position;
        if (at > LIMITS.record_chars) throw this.tooLong(startLine);
        if (!(await this.fill())) {
          if (depth > 0 || inText)
            throw this.malformed(`the file ends within the value of line ${startLine}`);
          break;
        }
      }
      const code = this.text.charCodeAt(at);
      if (inText) {
        if (code === BACKSLASH) at++;
        else if (code === QUOTE) inText = false;
      } else if (code === QUOTE) {
        inText = true;
      } else if (opens(code)) {
        if (++depth > LIMITS.json_depth) throw this.tooDeep();
      } else if (depth > 0) {
        if (closes(code)) depth--;
        else if (code === LF) this.line++;
      } else if (endsScalar(code)) {
        break;
      }
      at++;
      if (depth === 0 && !inText && (code === QUOTE || closes(code))) break;
    }
    const value = keep ? this.text.slice(this.position, at) : '';
    this.position = at;
    return value;
  }

  private async fill(): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done) return false;
    this.text = this.text.slice(this.position) + next.value;
    this.position = 0;
    return true;
  }

  private tooLong(line: number): UnreadableFileError {
    const limit = LIMITS.record_chars;
    return new UnreadableFileError(
      `The record that begins in line ${line} is longer than ${limit} characters.`,
    );
  }

  private tooDeep(): UnreadableFileError {
    return new UnreadableFileError(
      `The value in line ${this.line} is nested deeper than ${LIMITS.json_depth} levels.`,
    );
  }
}

function opens(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

function closes(code: number): boolean {
  return code === 0x7d || code === 0x5d;
}

/** A comma, a closing bracket or a blank. */
function endsScalar(code: number): boolean {
  return code === 0x2c || closes(code) || code <= 0x20;
}
