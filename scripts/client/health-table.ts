import Table from 'cli-table3';
import type { WiringHealth } from '../../src/wiring-health/dto/wiring-health';

/** Every metric of the wiring, and whether keys prove it or a scan counted it. */
export function healthTable({ checks }: WiringHealth): string {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['check', 'count', 'severity', 'verified by'],
    colAligns: ['left', 'right', 'left', 'left'],
  });
  for (const { name, count, severity, verified_by } of checks)
    table.push([name, count, severity, verified_by]);
  return table.toString();
}
