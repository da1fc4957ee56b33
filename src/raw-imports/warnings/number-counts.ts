import { randomInt } from 'node:crypto';

const FIRST_BITS = 10;
const HIGH = 2 ** 32;

/**
 * How often each of many whole numbers came. A Map does the same in three times the time, and what it holds is looked
 * through whenever garbage is collected.
 */
export class NumberCounts {
  private bits = FIRST_BITS;
  private numbers = new Float64Array(1 << FIRST_BITS);
  private counts = new Uint32Array(1 << FIRST_BITS);
  private size = 0;
  /** Odd, and nobody's to guess: whoever knew it could send numbers that all belong in one place. */
  private readonly factor = randomInt(HIGH / 2) * 2 + 1;

  /** @param most how many different numbers are counted. */
  constructor(private readonly most: number) {}

  /** False where the number is not counted, since it is new and there are as many already as may be. */
  add(number: number): boolean {
    let slot = this.slotOf(number);
    if (this.counts[slot] === 0) {
      if (this.size === this.most) return false;
      if (2 * ++this.size > this.counts.length) {
        this.grow();
        slot = this.slotOf(number);
      }
      this.numbers[slot] = number;
    }
    this.counts[slot] = Number(this.counts[slot]) + 1;
    return true;
  }

  /** The counts of the numbers that came more than once, in no order. */
  aboveOne(): number[] {
    return [...this.counts.filter((count) => count > 1)];
  }

  /** Where the number stands, or would stand. */
  private slotOf(number: number): number {
    const mixed = Math.imul((number >>> 0) ^ (number / HIGH), this.factor);
    let slot = mixed >>> (32 - this.bits);
    while (this.counts[slot] !== 0 && this.numbers[slot] !== number) slot = (slot + 1) % this.counts.length;
    return slot;
  }

  private grow(): void {
    const { numbers, counts } = this;
    this.bits++;
    this.numbers = new Float64Array(2 * numbers.length);
    this.counts = new Uint32Array(2 * counts.length);
    for (const [from, count] of counts.entries()) {
      if (count === 0) continue;
      const number = Number(numbers[from]);
      const slot = this.slotOf(number);
      this.numbers[slot] = number;
      this.counts[slot] = count;
    }
  }
}
