import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Reads along what a service logs and keeps what it should not. */
export class ServiceLog {
  readonly faults: string[] = [];
  lines = 0;

  constructor(child: ChildProcess, secrets: readonly string[]) {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines++;
        // A line that is no JSON is somebody else's text in the log.
        const isFault =
          !/^\{"level":\d\d,.*\}$/.test(line) ||
          /^\{"level":[56]0,/.test(line) ||
          secrets.some((secret) => line.includes(secret));
        if (isFault && this.faults.length < 20) this.faults.push(line.slice(0, 2000));
      });
    }
  }
}
