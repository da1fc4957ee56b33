import { Presets, SingleBar } from 'cli-progress';

export interface Work<Result> {
  label: string;
  total: number;
  run: (advance: (done: number) => void) => Promise<Result>;
  /** What the line says at the end. */
  outcome: (result: Result) => string;
}

/** Shows a bar while the work goes on, or, where the output is no terminal, one plain line at its end. */
export async function showProgress<Result>({ label, total, run, outcome }: Work<Result>): Promise<Result> {
  const title = `  ${label.padEnd(8)}`;
  if (!process.stdout.isTTY) {
    const result = await run(() => undefined);
    console.log(`${title}${outcome(result)}`);
    return result;
  }
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
    const result = await run((done) => {
      bar.update(done);
    });
    bar.update(total, { outcome: outcome(result) });
    return result;
  } finally {
    bar.stop();
  }
}
