import type { HeaderGuess } from './header-guesses';
import { wordClasses, type WordClass } from './header-lexicon';
import { HEADER_RULES, type HeaderRule } from './header-rules';

type Classes = ReadonlySet<WordClass>;

/** What a header means that is put together from known words alone. */
export function composedGuess(words: readonly string[]): HeaderGuess | null {
  const found = wordClasses(words);
  if (found === null || namesTwoMachines(found) || isNameServer(words)) return null;
  const rule = HEADER_RULES.find((one) => fits(one, found));
  if (rule === undefined) return null;
  return { field: rule.field, certainty: rule.certainty, synonym: rule.means, exact: false, qualifier: null };
}

function fits({ needs, may }: HeaderRule, found: readonly Classes[]): boolean {
  const rest = [...found];
  for (const needed of needs) {
    const at = rest.findIndex((classes) => classes.has(needed));
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return rest.every((classes) => may.some((allowed) => classes.has(allowed)));
}

// The host of a VM or the server of a node is another machine.
function namesTwoMachines(found: readonly Classes[]): boolean {
  return found.filter((classes) => classes.has('machine')).length > 1;
}

// English names a machine in front of the word `name`: a `name server` is no server's name.
function isNameServer([first, second]: readonly string[]): boolean {
  return first === 'name' && second?.startsWith('server') === true;
}
