import { init } from 'echarts';
import type { Comparison } from './measure';

const WIDTH = 960;
const HEIGHT = 420;
const SIZE = /^(\d+) rows$/;

/** What was measured of growth as an SVG: cost against the rows of the tenant, both on logarithmic axes. */
export function drawGrowth(comparisons: readonly Comparison[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    grid: { left: 60, right: 230, top: 30, bottom: 45 },
    legend: { orient: 'vertical', right: 10, top: 30 },
    xAxis: { type: 'log', name: 'rows of the tenant', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'log', name: 'ms' },
    series: comparisons.map(({ title, rows }) => ({
      name: title,
      type: 'line',
      data: rows.flatMap(({ name, median }) => {
        const size = SIZE.exec(name)?.[1];
        return size === undefined ? [] : [[Number(size), median]];
      }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
