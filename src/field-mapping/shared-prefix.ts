import { pathSegments } from './path-segments';
import { splitWords } from './split-words';

const FEWEST_COLUMNS = 4;
const SHARE = 0.75;
const LONGEST = 5;

/** How many words most headers of a table begin with alike, as all of `Details_Table0_Name` and `Details_Table0_Model`. */
export function sharedPrefix(columns: readonly string[]): readonly string[] {
  // The objects of a path say what its end is of.
  if (columns.some((column) => pathSegments(column).length > 1)) return [];
  const headers = columns.map((column) => splitWords(column).slice(0, LONGEST + 1));
  const prefix: string[] = [];
  while (prefix.length < LONGEST) {
    const longer = headers.filter(
      (words) => words.length > prefix.length + 1 && prefix.every((word, i) => words[i] === word),
    );
    const counts = new Map<string, number>();
    for (const words of longer) {
      const next = words[prefix.length] ?? '';
      counts.set(next, (counts.get(next) ?? 0) + 1);
    }
    const [word, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
    if (count < FEWEST_COLUMNS || count < headers.length * SHARE) return prefix;
    prefix.push(word);
  }
  return prefix;
}
