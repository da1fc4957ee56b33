import Table from 'cli-table3';

/** Something that is timed; `prepare` is not. */
export interface Contender<Prepared = unknown> {
  name: string;
  prepare?(): Promise<Prepared>;
  work(prepared: Prepared): Promise<unknown>;
  /** Of what the work does, such as rows; what is compared is the time for one of them. One where it is left out. */
  size?: number;
  /** Calls that are timed together, where one alone is mostly noise. */
  calls?: number;
}

export interface Measured {
  name: string;
  /** Milliseconds for one of its size, of each round. */
  ms: number[];
  median: number;
}

/** Each contender once a round, in turn and in changing order, so that what disturbs the machine disturbs all of them. */
export async function measure(contenders: Contender[], rounds: number): Promise<Measured[]> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const i of contenders.keys()) {
      const contender = contenders[(i + round) % contenders.length];
      if (!contender) continue;
      const { name, size = 1, calls = 1 } = contender;
      const prepared = await contender.prepare?.();
      const start = performance.now();
      for (let call = 0; call < calls; call++) await contender.work(prepared);
      times.get(name)?.push((performance.now() - start) / calls / size);
    }
  }
  return [...times].map(([name, ms]) => summarise(name, ms));
}

export function summarise(name: string, ms: number[]): Measured {
  return { name, ms, median: median(ms) };
}

export interface Comparison {
  title: string;
  /** What the ratios are against. */
  baseline: string;
  unit: string;
  rows: {
    name: string;
    median: number;
    least: number;
    most: number;
    ratio: number;
    ratios: [number, number];
  }[];
  /** What else was measured. */
  notes?: string[];
}

/** Each beside the baseline of the same round: how many times as fast it is. */
export function compare(
  title: string,
  measured: readonly Measured[],
  { baseline, unit }: { baseline: string; unit: string },
): Comparison {
  const base = measured.find(({ name }) => name === baseline);
  if (!base) throw new Error(`there is no ${baseline}`);
  return {
    title,
    baseline,
    unit,
    rows: measured.map(({ name, ms, median: middle }) => {
      // Of what was measured in other rounds than its baseline, the medians say how they compare.
      const ratios =
        ms.length === base.ms.length
          ? ms.map((value, i) => (base.ms[i] ?? NaN) / value)
          : [base.median / middle];
      return {
        name,
        median: middle,
        least: Math.min(...ms),
        most: Math.max(...ms),
        ratio: median(ratios),
        ratios: [Math.min(...ratios), Math.max(...ratios)],
      };
    }),
  };
}

export function asTable({ title, baseline, unit, rows, notes = [] }: Comparison): string {
  const table = new Table({
    head: [title, `median, ${unit}`, 'least to most', `times as fast as ${baseline}`, 'spread'],
    style: { head: [], border: [] },
  });
  for (const { name, median: middle, least, most, ratio, ratios } of rows) {
    table.push([
      name,
      short(middle),
      `${short(least)} to ${short(most)}`,
      ratio.toFixed(2),
      `${ratios[0].toFixed(2)} to ${ratios[1].toFixed(2)}`,
    ]);
  }
  return [table.toString(), ...notes].join('\n');
}

function short(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(2) : ms.toPrecision(3);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
