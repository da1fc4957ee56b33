import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap may grow, in percent of what is in use, until garbage is looked for. By default it is several
 * times that, and the garbage of a large upload is most of what the process holds.
 */
const HEAP_GROWTH = 50;
const BY_DEFAULT = 0;

let uploads = 0;

/** Looks for garbage more often while uploads are under way: always, it would cost as much as answering requests does. */
export async function withSmallHeap<Result>(work: () => Promise<Result>): Promise<Result> {
  if (uploads++ === 0) setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  try {
    return await work();
  } finally {
    if (--uploads === 0) setFlagsFromString(`--heap-growing-percent=${BY_DEFAULT}`);
  }
}
