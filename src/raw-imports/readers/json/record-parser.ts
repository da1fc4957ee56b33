import { excerpt } from '../excerpt';
import { LIMITS } from '../limits';
import type { RowError, RowErrorCode } from '../raw-row';
import { storableText } from '../storable-text';
import type { TextChecks } from '../text-checks';
import { UnreadableRecord } from './unreadable-record';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Reads one JSON object straight into flat cells: `{"cpu":{"cores":4}}` becomes `cpu.cores`. Not JSON.parse, which
 * rounds long numbers and drops all but the last of repeated keys, and both must be seen here.
 */
export class RecordParser {
  readonly cells = Object.create(null) as Record<string, string>;
  readonly errors: RowError[] = [];
  private at = 0;
  /** Of the value that is being read. */
  private path = '';
  private readonly objectPaths = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly place: string,
    private readonly checks: TextChecks | null,
  ) {}

  /** Throws UnreadableRecord. Everything else that is wrong is in `errors` afterwards. */
  parse(): void {
    this.skipBlanks();
    if (this.code() === OPEN_BRACE) {
      this.flatten('', 1);
    } else {
      this.report('not_an_object', null, this.compact(1), 'The record is not an object.');
    }
    this.skipBlanks();
    if (this.at < this.text.length) this.fail('Text follows the end of the value');
  }

  /** An object whose keys become columns that begin with `prefix`. */
  private flatten(prefix: string, depth: number): void {
    const path = this.path;
    const filled = this.members(depth, (key) => {
      this.path = prefix + key;
      const fault = this.keyFault(key);
      if (fault) {
        const [code, message] = fault;
        this.report(code, this.path, this.compact(depth + 1), message);
      } else if (this.code() === OPEN_BRACE) {
        this.objectPaths.add(this.path);
        this.flatten(`${this.path}.`, depth + 1);
      } else {
        this.cells[this.path] = this.cell(depth + 1);
      }
    });
    if (!filled && depth > 1) this.cells[path] = '{}';
  }

  private keyFault(key: string): [RowErrorCode, string] | null {
    if (key === '__proto__') return ['forbidden_key', `The key "__proto__" is not allowed.`];
    if (!(this.path in this.cells) && !this.objectPaths.has(this.path)) return null;
    return ['duplicate_key', `The key "${excerpt(this.path)}" occurs more than once.`];
  }

  private cell(depth: number): string {
    switch (this.code()) {
      case QUOTE:
        return this.string(this.path);
      case OPEN_BRACKET:
        return this.compact(depth);
      default: {
        const literal = this.literal();
        return literal === 'null' ? '' : literal;
      }
    }
  }

  /** Any value as JSON text without blanks; numbers stay as they are written. */
  private compact(depth: number): string {
    switch (this.code()) {
      case OPEN_BRACE:
        return this.compactObject(depth);
      case OPEN_BRACKET: {
        const items: string[] = [];
        this.enclosed(depth, CLOSE_BRACKET, () => items.push(this.compact(depth + 1)));
        return `[${items.join(',')}]`;
      }
      case QUOTE:
        return JSON.stringify(this.string(this.path));
      default:
        return this.literal();
    }
  }

  private compactObject(depth: number): string {
    const members = new Map<string, string>();
    this.members(depth, (key) => {
      if (key === '__proto__')
        this.report('forbidden_key', this.path, key, `The key "${key}" is not allowed.`);
      if (members.has(key)) {
        const message = `The key "${excerpt(key)}" occurs more than once within "${excerpt(this.path)}".`;
        this.report('duplicate_key', this.path, key, message);
      }
      members.set(key, this.compact(depth + 1));
    });
    return `{${Array.from(members, ([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  }

  /** Calls back at each value of the object that begins here; false when it has none. */
  private members(depth: number, visit: (key: string) => void): boolean {
    return this.enclosed(depth, CLOSE_BRACE, () => {
      if (this.code() !== QUOTE) this.fail('A key was expected');
      const key = this.string('key');
      this.skipBlanks();
      if (this.code() !== COLON) this.fail('A colon was expected');
      this.at++;
      this.skipBlanks();
      visit(key);
    });
  }

  private enclosed(depth: number, close: number, visit: () => void): boolean {
    if (depth > LIMITS.json_depth) {
      const reason = `The record is nested deeper than ${LIMITS.json_depth} levels`;
      throw new UnreadableRecord(reason, this.at, 'nested_too_deep');
    }
    this.at++;
    this.skipBlanks();
    if (this.code() === close) {
      this.at++;
      return false;
    }
    for (;;) {
      visit();
      this.skipBlanks();
      const code = this.code();
      this.at++;
      if (code === close) return true;
      if (code !== COMMA) {
        this.at--;
        this.fail(`A comma or "${String.fromCharCode(close)}" was expected`);
      }
      this.skipBlanks();
    }
  }

  private string(column: string): string {
    const start = this.at + 1;
    let escaped = false;
    let end = start;
    for (let code = this.text.charCodeAt(end); code !== QUOTE; code = this.text.charCodeAt(++end)) {
      if (code === BACKSLASH) {
        escaped = true;
        end++;
      } else if (!(code >= 0x20)) {
        this.at = end;
        this.fail(
          end < this.text.length ? 'A control character must be escaped' : 'The text is never closed',
        );
      }
    }
    this.at = end + 1;
    if (!escaped && this.checks === null) return this.text.slice(start, end);
    const value = escaped ? this.unescape(start - 1, end + 1) : this.text.slice(start, end);
    return storableText(value, this.checks ?? { lossy_charset: null }, this.errors, {
      column,
      place: this.place,
    });
  }

  private unescape(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start, end)) as string;
    } catch {
      this.at = start;
      return this.fail('An escape sequence in the text is wrong');
    }
  }

  private literal(): string {
    LITERAL.lastIndex = this.at;
    const match = LITERAL.exec(this.text);
    if (match === null) return this.fail('A value was expected');
    this.at = LITERAL.lastIndex;
    return match[0];
  }

  private code(): number {
    return this.text.charCodeAt(this.at);
  }

  private skipBlanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private report(code: RowErrorCode, column: string | null, value: string, message: string): void {
    this.errors.push({ column, value: excerpt(value), code, message });
  }

  private fail(reason: string): never {
    throw new UnreadableRecord(reason, this.at);
  }
}
