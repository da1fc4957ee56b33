import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

export interface RollbackOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** The script as an operator runs it, in a process of its own. */
export function runRollback(args: string[], env: NodeJS.ProcessEnv): Promise<RollbackOutcome> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['-r', 'ts-node/register', 'scripts/rollback-wiring-constraints.ts', ...args],
      { cwd: resolve(__dirname, '../..'), env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) => {
        done({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}
