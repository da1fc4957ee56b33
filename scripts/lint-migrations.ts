import { spawnSync } from 'node:child_process';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../migrations/all-migrations';

/* Part of `npm run lint`: squawk on the SQL that each migration sends. Rules that do not fit are in .squawk.toml, with why. */

const SQUAWK = require.resolve('squawk-cli/js/bin/squawk');

async function sqlOf(migration: MigrationInterface): Promise<string> {
  const statements: string[] = [];
  const recorder = {
    query: (sql: string) => {
      statements.push(`${sql.trim()};\n`);
      return Promise.resolve([]);
    },
  };
  await migration.up(recorder as unknown as QueryRunner);
  return statements.join('');
}

async function main(): Promise<void> {
  for (const Migration of MIGRATIONS) {
    const migration: MigrationInterface = new Migration();
    const { status, error, stdout, stderr } = spawnSync(
      process.execPath,
      [
        SQUAWK,
        ...(migration.transaction === false ? ['--no-assume-in-transaction'] : ['--assume-in-transaction']),
        '--stdin-filepath',
        `migrations/${Migration.name}.sql`,
      ],
      { input: await sqlOf(migration), encoding: 'utf8' },
    );
    if (error) throw error;
    if (status !== 0) {
      process.stdout.write(stdout + stderr);
      process.exitCode = 1;
    }
  }
}

void main();
