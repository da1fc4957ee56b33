import { Presets, SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 3_000;

/** Tells how much is done, and what is to be said about it. */
export type Advance = (done: number, detail?: string) => void;

export interface Work<Result> {
  label: string;
  total: number;
  run: (advance: Advance) => Promise<Result>;
  /** What the line says at the end. */
  outcome: (result: Result) => string;
}

/** Shows a bar while the work goes on, or, where the output is no terminal, a plain line now and then. */
export async function showProgress<Result>(work: Work<Result>): Promise<Result> {
  const title = `  ${work.label.padEnd(8)}`;
  return process.stdout.isTTY ? showBar(title, work) : showLines(title, work);
}

async function showLines<Result>(title: string, { total, run, outcome }: Work<Result>): Promise<Result> {
  let shownAt = Date.now();
  const result = await run((done, detail = '') => {
    if (Date.now() - shownAt < LINE_EVERY_MS) return;
    shownAt = Date.now();
    console.log(`${title}${percentage(done, total)}%  ${detail}`.trimEnd());
  });
  console.log(`${title}${outcome(result)}`);
  return result;
}

async function showBar<Result>(title: string, { total, run, outcome }: Work<Result>): Promise<Result> {
  const bar = new SingleBar(
    {
      format: `${title}{bar} {percentage}%  {outcome}`,
      barsize: 30,
      hideCursor: true,
      stream: process.stdout,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { outcome: '' });
  try {
    const result = await run((done, detail = '') => {
      bar.update(done, { outcome: detail });
    });
    bar.update(total, { outcome: outcome(result) });
    return result;
  } finally {
    bar.stop();
  }
}

function percentage(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}
