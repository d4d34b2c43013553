import type { DiskFacts } from './survey.ts';

/** Free bytes of a disk, as a trend. */
export function diskGauge(what: DiskFacts['what']): string {
  return `free:${what}`;
}

/** What a garbage collection leaves in the heap, as a trend. */
export const heapGauge = 'heap:live';
