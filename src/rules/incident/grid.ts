import type { Subject } from '../../model/finding.ts';
import type { GridCell } from '../../model/incident.ts';

/**
 * Servers up to which an incident carries the whole grid of its ensemble: what a card has room for. With hundreds of observers every
 * card would be written and drawn anew whenever one of them changes.
 */
export const wholeGridMax = 15;

/** The servers that the card of a fault shows: all, or in a big ensemble the voters and the server it is about. */
export function gridFor(subject: Subject, grid: readonly GridCell[]): readonly GridCell[] {
  if (grid.length <= wholeGridMax) return grid;
  return grid.filter(({ server, role }) => role === 'voter' || server === subject.server);
}
