import type { RowErrorCode } from '../raw-row';
import { UnreadableRecord } from './unreadable-record';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Steps through a JSON text token by token. Whatever does not fit throws UnreadableRecord with its place. */
export class JsonCursor {
  /** Whether the string read last held escapes: only then can it hold what text itself cannot. */
  hadEscapes = false;
  private at = 0;

  constructor(private readonly text: string) {}

  /** The code of the next character that is no blank; NaN at the end. */
  peek(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.at++;
    }
  }

  /** Whether the next character is this one, which is then taken. */
  takes(code: number): boolean {
    if (this.peek() !== code) return false;
    this.at++;
    return true;
  }

  string(): string {
    if (this.peek() !== QUOTE) this.fail('A key was expected');
    const open = this.at;
    let close = open + 1;
    this.hadEscapes = false;
    for (let code = this.text.charCodeAt(close); code !== QUOTE; code = this.text.charCodeAt(++close)) {
      if (code === BACKSLASH) {
        this.hadEscapes = true;
        close++;
      } else if (!(code >= 0x20)) {
        this.at = Math.min(close, this.text.length);
        this.fail(Number.isNaN(code) ? 'The text is never closed' : 'A control character must be escaped');
      }
    }
    const value = this.hadEscapes ? this.unescape(open, close + 1) : this.text.slice(open + 1, close);
    this.at = close + 1;
    return value;
  }

  /** A number, true, false or null as it is written. */
  literal(): string {
    LITERAL.lastIndex = this.at;
    const match = LITERAL.exec(this.text);
    if (match === null) return this.fail('A value was expected');
    this.at = LITERAL.lastIndex;
    return match[0];
  }

  fail(reason: string, code?: RowErrorCode): never {
    throw new UnreadableRecord(reason, this.at, code);
  }

  private unescape(from: number, to: number): string {
    try {
      return JSON.parse(this.text.slice(from, to)) as string;
    } catch {
      return this.fail('An escape sequence in the text is wrong');
    }
  }
}
