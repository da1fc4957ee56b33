import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(__dirname, '../../dist/src/main.js');

/** The built service in a process of its own, which a test may kill. */
export class ServiceProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly origin: string,
  ) {}

  /** Resolves when it listens. @throws with its output when it ends before. */
  static async start(env: NodeJS.ProcessEnv): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, NODE_ENV: 'test', LOG_LEVEL: 'info', PORT: '0', DATABASE_URL: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const origin = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /listens on (\S+);/.exec(output)?.[1];
        if (found === undefined) return;
        resolve(found);
        // What it says from now on is for a test to read, or for nobody.
        child.stdout.off('data', read).resume();
        child.stderr.off('data', read).resume();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => {
        reject(new Error(`the service ended with ${String(code)} before it listened:\n${output}`));
      });
    });
    return new ServiceProcess(child, origin);
  }

  /** kill -9: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM. @returns the exit code. */
  terminate(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(signal);
    return (await exit)[0];
  }
}
