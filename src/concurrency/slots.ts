/** Lets a few pieces of work run at the same time; the others wait their turn without holding anything. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A slot goes straight to the next in line, so that nobody can overtake.
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}
