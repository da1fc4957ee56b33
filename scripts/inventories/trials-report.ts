import { printable } from '../client/printable';
import { MARKS, mistakesOf } from './judge-suggestions';
import type { Totals } from './totals';
import { trialsTable } from './trials-table';
import type { Trial } from './try-inventory';

/** The table, what is odd about single files, and the totals. */
export function trialsReport(trials: readonly Trial[], totals: Totals, seconds: number): string {
  const marks = Object.entries(MARKS).map(([mark, meaning]) => `${mark} ${meaning}`);
  return [
    trialsTable(trials),
    marks.join(', '),
    ...section('Rows and refusals', trials, ({ note }) => (note === null ? [] : [note])),
    ...section('Suggestions that a person would make otherwise', trials, ({ inventory, verdicts }) =>
      inventory.expectation === null ? [] : mistakesOf(verdicts, inventory.expectation),
    ),
    ...section('Suggestions for files without an expectation', trials, ({ inventory, verdicts }) =>
      inventory.expectation === null
        ? verdicts.flatMap(({ field, found }) => found.map((header) => `${field} from "${header}"`))
        : [],
    ),
    '',
    ...totalsLines(totals, seconds),
  ].join('\n');
}

function section(title: string, trials: readonly Trial[], linesOf: (trial: Trial) => string[]): string[] {
  const lines = trials.flatMap((trial) =>
    linesOf(trial).map((line) => `  ${printable(`${trial.inventory.name}: ${line}`)}`),
  );
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function totalsLines(totals: Totals, seconds: number): string[] {
  const { files, counted, rowsMet, refused, fields, right, missed, rightShare } = totals;
  const { confident, optional, wrong, wrongShare } = totals;
  const suggestions =
    fields === 0 && confident === 0
      ? ['fields  no file has an expectation']
      : [
          `right   ${right} of ${fields} expected fields, ${percent(rightShare)}; missed ${missed}, ${percent(1 - rightShare)}`,
          `wrong   ${wrong} of ${confident} confident suggestions, ${percent(wrongShare)}; as good left ${optional}`,
        ];
  return [
    `files   ${files}, of which ${refused} refused`,
    `rows    ${rowsMet} of ${counted} known counts met`,
    ...suggestions,
    `time    ${seconds.toFixed(1)} s`,
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
