import { LIMITS } from '../limits';

/**
 * Gathers the text of a string item: its plain text or all of its formatted runs, without the pronunciation that
 * Japanese workbooks keep beside it.
 */
export class RichText {
  private text = '';
  private inText = false;
  private inPhonetic = false;

  /** @param refuse is called, and throws, when a text is too long. */
  constructor(private readonly refuse: () => never) {}

  open(name: string): void {
    if (name === 't') this.inText = true;
    else if (name === 'rPh') this.inPhonetic = true;
  }

  add(text: string): void {
    if (!this.inText || this.inPhonetic) return;
    this.text += text;
    if (this.text.length > LIMITS.cell_chars) this.refuse();
  }

  close(name: string): void {
    if (name === 't') this.inText = false;
    else if (name === 'rPh') this.inPhonetic = false;
  }

  /** The text so far, controls still escaped; the next item begins empty. */
  take(): string {
    const text = this.text;
    this.text = '';
    return text;
  }
}
