import { revertMigration, runMigrations } from '../src/database/run-migrations';
import { showMigrations } from '../src/database/show-migrations';
import { withDatabaseUrl } from '../src/database/with-database';

/* `npm run migration:run | migration:revert | migration:show` */

const say = (line: string) => {
  console.log(line);
};

const commands: Record<string, (url: string) => Promise<void>> = {
  run: async (url) => {
    const ran = await runMigrations(url, say);
    for (const name of ran) say(`ran ${name}`);
    say(ran.length > 0 ? `${ran.length} migrations ran` : 'nothing to do: the schema is up to date');
  },
  revert: async (url) => {
    const reverted = await revertMigration(url, say);
    say(reverted === null ? 'nothing to revert' : `reverted ${reverted}`);
  },
  show: async (url) => {
    for (const line of await showMigrations(url)) say(line);
  },
};

async function main(): Promise<void> {
  const command = commands[process.argv[2] ?? ''];
  if (!command || process.argv.length > 3) {
    console.error(`usage: ts-node scripts/migration.ts ${Object.keys(commands).join(' | ')}`);
    process.exitCode = 2;
    return;
  }
  await withDatabaseUrl(process.env, command);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
