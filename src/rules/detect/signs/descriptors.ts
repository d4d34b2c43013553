import type { EnsembleView } from '../../../model/finding.ts';
import { surveyed } from './surveyed.ts';

/** The file descriptors of a server's process. */
export interface Descriptors {
  readonly open: number;
  readonly max: number;
  readonly source: 'mntr' | '/proc';
}

/**
 * By the server's own account, or by the machine's where the server says nothing. A JVM needs a descriptor to count its descriptors: with
 * none left it says -1, and that is all of them.
 */
export function descriptorsOf(view: EnsembleView, server: string): Descriptors | undefined {
  const sample = view.samples[server];
  if (sample?.kind === 'reading') {
    const open = sample.metrics['open_file_descriptor_count'];
    const max = sample.metrics['max_file_descriptor_count'];
    if (open !== undefined && max !== undefined && max > 0)
      return { open: open < 0 ? max : open, max, source: 'mntr' };
  }
  const host = surveyed(view, server, 'host')?.descriptors;
  return host === undefined || host.max <= 0 ? undefined : { ...host, source: '/proc' };
}
