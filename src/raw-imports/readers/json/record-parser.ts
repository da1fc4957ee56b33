import { BareRecord } from '../../../field-mapping/bare-record';
import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { excerpt } from '../excerpt';
import { LIMITS } from '../limits';
import type { RowError, RowErrorCode } from '../raw-row';
import { storableText } from '../storable-text';
import type { TextChecks } from '../text-checks';
import { JsonCursor } from './json-cursor';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Those of objects, which become no columns, included. */
const MAX_KEYS = 2 * LIMITS.columns;
const ONLY_ESCAPES_CAN_ERR: TextChecks = { lossy_charset: null };

/**
 * Reads one JSON object straight into flat cells: `{"cpu":{"cores":4}}` becomes `cpu.cores`. Not JSON.parse, which
 * rounds long numbers and drops all but the last of repeated keys, and both must be seen here.
 */
export class RecordParser {
  readonly cells = new BareRecord();
  readonly errors: RowError[] = [];
  private readonly cursor: JsonCursor;
  /** Of the value that is being read. */
  private path = '';
  private keys = 0;
  private keyChars = 0;
  private readonly objectPaths = new Set<string>();

  constructor(
    text: string,
    private readonly place: string,
    private readonly checks: TextChecks | null,
  ) {
    this.cursor = new JsonCursor(text);
  }

  /** Throws UnreadableRecord. Everything else that is wrong is in `errors` afterwards. */
  parse(): void {
    if (this.cursor.peek() === OPEN_BRACE) {
      this.flatten('', 1);
    } else {
      this.report('not_an_object', null, this.compact(1), 'The record is not an object.');
    }
    if (!Number.isNaN(this.cursor.peek())) this.cursor.fail('Text follows the end of the value');
  }

  /** An object whose keys become columns that begin with `prefix`. */
  private flatten(prefix: string, depth: number): void {
    const path = this.path;
    const isEmpty = !this.members(depth, (key) => {
      this.path = prefix + key;
      const fault = this.keyFault(key);
      if (fault) {
        const [code, message] = fault;
        this.report(code, this.path, this.compact(depth + 1), message);
      } else if (this.cursor.peek() === OPEN_BRACE) {
        this.addKey();
        this.objectPaths.add(this.path);
        this.flatten(`${this.path}.`, depth + 1);
      } else {
        this.addKey();
        this.cells[this.path] = this.cell(depth + 1);
      }
    });
    if (isEmpty && depth > 1) this.cells[path] = '{}';
  }

  /** Refuses at once what would take long to read to its end and be refused then. */
  private addKey(): void {
    this.keyChars += this.path.length;
    if (++this.keys > MAX_KEYS || this.keyChars > LIMITS.header_chars) {
      throw new UnreadableFileError(
        `In ${this.place} are more than ${MAX_KEYS} keys, or keys of more than ${LIMITS.header_chars} characters together.`,
      );
    }
  }

  private keyFault(key: string): [RowErrorCode, string] | null {
    if (key === '__proto__') return ['forbidden_key', 'The key "__proto__" is not allowed.'];
    if (!(this.path in this.cells) && !this.objectPaths.has(this.path)) return null;
    return ['duplicate_key', `The key "${excerpt(this.path)}" occurs more than once.`];
  }

  private cell(depth: number): string {
    switch (this.cursor.peek()) {
      case QUOTE:
        return this.string(this.path);
      case OPEN_BRACKET:
        return this.compact(depth);
      default: {
        const literal = this.cursor.literal();
        return literal === 'null' ? '' : literal;
      }
    }
  }

  /** Any value as JSON text without blanks; numbers stay as they are written. */
  private compact(depth: number): string {
    switch (this.cursor.peek()) {
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
        return this.cursor.literal();
    }
  }

  private compactObject(depth: number): string {
    const members = new Map<string, string>();
    this.members(depth, (key) => {
      if (key === '__proto__') {
        this.report('forbidden_key', this.path, key, 'The key "__proto__" is not allowed.');
      }
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
      const key = this.string(null);
      if (!this.cursor.takes(COLON)) this.cursor.fail('A colon was expected');
      visit(key);
    });
  }

  private enclosed(depth: number, close: number, visit: () => void): boolean {
    if (depth > LIMITS.json_depth) {
      this.cursor.fail(`The record is nested deeper than ${LIMITS.json_depth} levels`, 'nested_too_deep');
    }
    this.cursor.takes(this.cursor.peek());
    if (this.cursor.takes(close)) return false;
    do visit();
    while (this.cursor.takes(COMMA));
    if (!this.cursor.takes(close)) {
      this.cursor.fail(`A comma or "${String.fromCharCode(close)}" was expected`);
    }
    return true;
  }

  /** Null stands for the name of a column rather than a text in one. */
  private string(column: string | null): string {
    const value = this.cursor.string();
    const checks = this.cursor.hadEscapes ? (this.checks ?? ONLY_ESCAPES_CAN_ERR) : this.checks;
    return checks === null ? value : storableText(value, checks, this.errors, { column, place: this.place });
  }

  private report(code: RowErrorCode, column: string | null, value: string, message: string): void {
    if (this.errors.length < LIMITS.errors)
      this.errors.push({ column, value: excerpt(value), code, message });
  }
}
