import type { Detector } from '../../model/finding.ts';
import { ofEnsemble, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/** Guesses: half of all connections, and enough of them to hurt. */
const thresholds = { holdMs: 30 * 60_000, percent: 50, connectionsMin: 50 };

/** One address has more than half of all connections: whatever happens to it, happens to the ensemble. */
export const sessionConcentration: Detector = ofEnsemble({
  name: 'session-concentration',
  severity: 'info',
  thresholds,
  judge: (view, limit) => {
    const known = view.ensemble.servers.flatMap(({ id }) => {
      const clients = surveyed(view, id, 'clients');
      return clients === undefined ? [] : [{ id, clients }];
    });
    if (known.length === 0) return unknown;
    const total = known.reduce((sum, { clients }) => sum + clients.total, 0);
    const sums = new Map<string, number>();
    for (const { clients } of known)
      for (const { address, connections } of clients.byAddress)
        sums.set(address, (sums.get(address) ?? 0) + connections);
    const [address = '', connections = 0] = [...sums].sort(([, a], [, b]) => b - a)[0] ?? [];
    const percent = total === 0 ? 0 : (100 * connections) / total;
    return {
      verdict:
        percent > limit('percent') && connections > limit('connectionsMin') ? 'firing' : 'clear',
      facts: { address, connections, total, percent: Math.round(percent) },
      evidence: known.map(({ id, clients }) => {
        const there = clients.byAddress.find((one) => one.address === address);
        return `${id}: ${there?.connections ?? 0} of ${clients.total} connections from ${address}`;
      }),
    };
  },
});
