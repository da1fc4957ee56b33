import type { Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What a proxy does to all of its connections at this moment. */
export interface ProxyState {
  delayMs: number;
  /** The COMMIT whose answer is to be lost: of the first transaction with a statement like this. */
  commitToLose?: { of: RegExp; lost: () => void } | undefined;
}

/** How the server ends its answer outside a transaction: ReadyForQuery, idle. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
/** Statements without parameters end in a zero byte, as pg sends them. */
const COMMIT = /\bCOMMIT\0/i;
const ROLLBACK = /\bROLLBACK\0/i;

/** One connection through a TCP proxy, of PostgreSQL's protocol where it looks at what passes. */
export class ProxiedConnection {
  private readonly pairs: [Socket, Transform][];
  private isMeant = false;
  private answerLost: (() => void) | undefined;
  private isLost = false;

  constructor(
    private readonly near: Socket,
    far: Socket,
    private readonly state: ProxyState,
  ) {
    const there = this.passing((data) => this.watchRequest(data));
    const back = this.passing((data) => this.watchAnswer(data));
    there.pipe(far);
    back.pipe(near);
    this.pairs = [
      [near, there],
      [far, back],
    ];
    this.release();
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
  }

  onGone(listener: () => void): void {
    this.near.once('close', listener);
  }

  cut(): void {
    for (const [socket] of this.pairs) socket.resetAndDestroy();
  }

  /** Reads no more: what the ends send is acknowledged by the kernel and goes nowhere, and so is that they close. */
  hold(): void {
    for (const [socket, through] of this.pairs) socket.unpipe(through).pause();
  }

  /** Ends what hold() began, unless the connection was given up. */
  release(): void {
    if (this.isLost) return;
    for (const [socket, through] of this.pairs) socket.pipe(through);
  }

  giveUp(): void {
    this.hold();
    this.isLost = true;
  }

  private passing(watch: (data: Buffer) => Buffer | null): Transform {
    return new Transform({
      transform: (data: Buffer, _encoding, done) => {
        const passed = watch(data);
        const { delayMs } = this.state;
        if (delayMs === 0) done(null, passed);
        else
          setTimeout(() => {
            done(null, passed);
          }, delayMs);
      },
    });
  }

  private watchRequest(data: Buffer): Buffer {
    const { commitToLose } = this.state;
    if (!commitToLose) return data;
    const text = data.toString('latin1');
    this.isMeant ||= commitToLose.of.test(text);
    if (ROLLBACK.test(text)) this.isMeant = false;
    if (this.isMeant && COMMIT.test(text)) {
      this.answerLost = commitToLose.lost;
      this.state.commitToLose = undefined;
    }
    return data;
  }

  private watchAnswer(data: Buffer): Buffer | null {
    if (!this.answerLost) return data;
    // Cut only when the server is through with it, so that the transaction is committed whatever the timing.
    if (data.subarray(-READY.length).equals(READY)) {
      this.cut();
      this.answerLost();
    }
    return null;
  }
}
