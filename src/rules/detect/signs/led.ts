import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import { isReading, looksAt } from './looks.ts';

/** Whether a server led when it was last heard of. */
export function ledLast(view: EnsembleView, server: ServerId): boolean {
  if (view.lastLeader?.server === server) return true;
  return looksAt(view, server).findLast(isReading)?.mode === 'leader';
}
