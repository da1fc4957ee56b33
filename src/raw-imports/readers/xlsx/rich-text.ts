import { unescapeControls } from './unescape-controls';

/**
 * Gathers the text of a string item: its plain text or all of its formatted runs, without the pronunciation that
 * Japanese workbooks keep beside it.
 */
export class RichText {
  private text = '';
  private inText = false;
  private inPhonetic = false;

  open(name: string): void {
    if (name === 't') this.inText = true;
    else if (name === 'rPh') this.inPhonetic = true;
  }

  add(text: string): void {
    if (this.inText && !this.inPhonetic) this.text += text;
  }

  close(name: string): void {
    if (name === 't') this.inText = false;
    else if (name === 'rPh') this.inPhonetic = false;
  }

  /** The text so far; the next item begins empty. */
  take(): string {
    const text = this.text;
    this.text = '';
    return unescapeControls(text);
  }
}
