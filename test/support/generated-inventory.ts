/** A CSV of at least so many bytes, made while it is sent; `rows` is their number once it is through. */
export class GeneratedInventory {
  rows = 0;

  constructor(private readonly bytes: number) {}

  async *content(): AsyncGenerator<Buffer> {
    let sent = 0;
    let text = 'Hostname,IP Address,Environment,CPU Cores,RAM (GB),Serial Number,Note\n';
    while (sent < this.bytes) {
      while (text.length < 64 * 1024) text += this.row();
      sent += text.length;
      yield Buffer.from(text);
      text = '';
      // Nothing here waits, and the answer has to get its turn.
      await new Promise(setImmediate);
    }
  }

  private row(): string {
    const n = ++this.rows;
    const ip = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
    return `srv-${n},${ip},PROD,${1 + (n % 16)},${4 + (n % 60)},00${n},"rack ${n % 40}, ""row"" ${n}"\n`;
  }
}
