import type { Detector, EnsembleView } from '../../model/finding.ts';
import type { ClientAddress } from '../../model/survey.ts';
import { descriptorsOf } from './signs/descriptors.ts';
import { grownLately } from './signs/grown-lately.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { isReset, looksAt, trailing } from './signs/looks.ts';
import { hintLately, hintOf, surveyed } from './signs/surveyed.ts';

/** 80 % is what Huawei warns of; ZooKeeper's own alert file says more than 50 of its default of 60. Refusals count at once. */
const thresholds = { holdMs: 60_000, nearPercent: 80, windowMs: 120_000, refusedMin: 2 };

/**
 * Connections are refused because one address has too many, or soon will be. The bot may be at that address itself, and then hears
 * nothing from the server but closed connections: it must not be taken for dead.
 */
export const connectionLimitHit: Detector = ofServers({
  name: 'connection-limit-hit',
  severity: 'warn',
  thresholds,
  // A client that is refused comes again within seconds: a moment of peace is none.
  clearMs: 30_000,
  judge: (view, { id }, limit) => {
    const conf = surveyed(view, id, 'conf');
    const clients = surveyed(view, id, 'clients');
    const hint = hintLately(view, id, 'too-many-connections', limit('windowMs'));
    const grown = grownLately(view, id, ['connection_rejected'], limit('windowMs'));
    const max = conf?.maxClientCnxns ?? 0;
    const busiest = clients?.byAddress[0];
    const isNear =
      max > 0 && (busiest?.connections ?? 0) >= Math.max(2, (max * limit('nearPercent')) / 100);
    const refused = mayBeTheLimit(view, id, max) ? (grown?.by ?? 0) : 0;
    // The log remembers for a while; a counter that stands still knows better.
    const isLogged = grown === undefined && hint !== undefined;
    const isHit = refused >= limit('refusedMin') || isLogged || (isNear && isCutOff(view, id));
    if (!isHit && !isNear && grown === undefined && (clients === undefined || conf === undefined))
      return unknown;
    return {
      verdict: isHit || isNear ? 'firing' : 'clear',
      // One burst may be chance; a client that comes again and is refused again is not.
      conclusive: refused >= limit('refusedMin') && (grown?.steps ?? 0) >= 2,
      facts: {
        kind: isHit ? 'hit' : 'near',
        address: addressOf(busiest, isNear, hint?.addresses),
        connections: busiest?.connections ?? 0,
        max,
        refused,
      },
      evidence: [
        ...(refused === 0 || grown === undefined
          ? []
          : [`${id}: ${refused} connections rejected in ${Math.round(grown.overMs / 1000)} s`]),
        ...(clients?.byAddress ?? [])
          .slice(0, 3)
          .map(
            ({ address, connections }) =>
              `${id}: ${connections} connections from ${address}${max > 0 ? `, limit ${max}` : ''}`,
          ),
        ...(hint?.line === undefined ? [] : [`${id} log (${hint.count}x): ${hint.line}`]),
      ],
    };
  },
});

/**
 * Whether refusals can come from the limit of an address: then that address alone has as many connections as it may. The same counter
 * grows when no descriptor is left.
 */
function mayBeTheLimit(view: EnsembleView, server: string, max: number): boolean {
  const host = surveyed(view, server, 'host');
  if (hintOf(host, 'too-many-connections') !== undefined) return true;
  if (hintOf(host, 'too-many-open-files') !== undefined) return false;
  const sample = view.samples[server];
  const alive = sample?.kind === 'reading' ? sample.metrics['num_alive_connections'] : undefined;
  if (max > 0 && alive !== undefined && alive < max * aliveMin) return false;
  const descriptors = descriptorsOf(view, server);
  return descriptors === undefined || descriptors.open < descriptors.max * fullMin;
}

/** Some may have gone between a refusal and the look. */
const aliveMin = 0.8;
/** A process with so many of its descriptors open refuses for want of them. */
const fullMin = 0.95;

/** The log names who was refused; the list of connections only who has the most. */
function addressOf(
  busiest: ClientAddress | undefined,
  isNear: boolean,
  named: readonly string[] | undefined,
): string {
  const [first = ''] = named?.[0]?.split(' ') ?? [];
  if (first !== '') return first;
  return isNear ? (busiest?.address ?? '') : '';
}

/** The bot's own connections are closed without a word. */
function isCutOff(view: EnsembleView, server: string): boolean {
  return trailing(looksAt(view, server), isReset).length >= 2;
}
