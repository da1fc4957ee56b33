import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const END = 'the-command-has-ended';

/** A bash that is kept between two blocks of commands, as an operator's is. */
export class Shell {
  private readonly child: ChildProcess;
  private output = '';
  private heard: () => void = () => undefined;

  constructor(env: NodeJS.ProcessEnv) {
    this.child = spawn('bash', { cwd: resolve(__dirname, '../..'), env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout!.on('data', (data: Buffer) => {
      this.output += data.toString();
      this.heard();
    });
    this.child.once('exit', () => {
      this.heard();
    });
  }

  /** @returns what it has written, to stderr too, and how its last command ended. */
  async run(commands: string): Promise<{ code: number; output: string }> {
    this.output = '';
    this.child.stdin!.write(`{\n${commands}\n} 2>&1\nprintf '\\n${END} %s\\n' $?\n`);
    for (;;) {
      const end = new RegExp(`\\n${END} (\\d+)\\n$`).exec(this.output);
      if (end) return { code: Number(end[1]), output: this.output.slice(0, end.index) };
      if (this.child.exitCode !== null) throw new Error(`the shell has ended: ${this.output}`);
      await new Promise<void>((done) => (this.heard = done));
    }
  }

  close(): void {
    this.child.kill();
  }
}
