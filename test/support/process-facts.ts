import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ServiceProcess } from './service-process';

const TELLS = process.platform === 'linux';

/** The most memory that a process ever had, in MB; null where the system does not tell. */
export function peakMemory({ child }: ServiceProcess): number | null {
  if (!TELLS) return null;
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** How many spool files a process holds open, which have no name; null where the system does not tell. */
export function openSpoolFiles({ child }: ServiceProcess): number | null {
  if (!TELLS) return null;
  const directory = `/proc/${String(child.pid)}/fd`;
  return readdirSync(directory).filter((fd) => {
    try {
      return readlinkSync(`${directory}/${fd}`).includes('/uploads/');
    } catch {
      // Closed since it was listed.
      return false;
    }
  }).length;
}
