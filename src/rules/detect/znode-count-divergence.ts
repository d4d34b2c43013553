import type { ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import type { Reading } from '../../model/sample.ts';
import { ofServersOrEnsemble } from './signs/judged.ts';
import { isReading } from './signs/looks.ts';

/** Three polls of 5 s. Sizes are approximate, so only a part that is more than rounding counts. */
const thresholds = { holdMs: 15_000, sizePercent: 1 };

/**
 * Servers at the same transaction count other nodes. Only compared while nothing is written: two answers of one server are of two
 * moments.
 */
export const znodeCountDivergence: Detector = ofServersOrEnsemble({
  name: 'znode-count-divergence',
  severity: 'warn',
  thresholds,
  judge: (view, limit, servers) => {
    const still = view.ensemble.servers.flatMap(({ id }) => stillAt(view, id) ?? []);
    const compared =
      still
        .map(({ zxid }) => still.filter((other) => other.zxid === zxid))
        .find((group) => group.length > 1) ?? [];
    const right = reference(compared, limit('sizePercent'));
    return servers.map(({ id }) => {
      const own = compared.find((one) => one.server === id);
      if (own === undefined || right === undefined)
        return { server: id, judgement: { verdict: 'unknown' } as const };
      const isOdd = !isAlike(own, right, limit('sizePercent'));
      return {
        server: id,
        judgement: {
          verdict: isOdd ? ('firing' as const) : ('clear' as const),
          facts: {
            nodes: own.nodes,
            othersNodes: right.nodes,
            bytes: own.bytes,
            othersBytes: right.bytes,
            zxid: own.zxid,
          },
          evidence: compared.map(
            ({ server, zxid, nodes, bytes }) =>
              `${server}: zxid ${zxid}, znode_count ${nodes}, approximate_data_size ${bytes}`,
          ),
        },
      };
    });
  },
});

interface Counted {
  readonly server: ServerId;
  readonly zxid: string;
  readonly nodes: number;
  readonly bytes: number;
}

/** What a server counts, if nothing was written between its last two looks. */
function stillAt(view: EnsembleView, server: ServerId): Counted | undefined {
  const now = view.samples[server];
  const before = (view.history[server] ?? []).findLast(isReading);
  if (now?.kind !== 'reading' || before === undefined) return undefined;
  const counted = countOf(now);
  return counted !== undefined && before.zxid === now.zxid && isSame(counted, countOf(before))
    ? counted
    : undefined;
}

function countOf(reading: Reading): Counted | undefined {
  const { znode_count: nodes, approximate_data_size: bytes = -1 } = reading.metrics;
  return nodes === undefined || reading.zxid === undefined
    ? undefined
    : { server: reading.server, zxid: reading.zxid, nodes, bytes };
}

function isSame(a: Counted, b: Counted | undefined): boolean {
  return a.nodes === b?.nodes && a.bytes === b.bytes;
}

/** What most of them count; of two that differ, the second is measured by the first. */
function reference(compared: readonly Counted[], sizePercent: number): Counted | undefined {
  const votes = compared.map((one) => ({
    one,
    alike: compared.filter((other) => isAlike(other, one, sizePercent)).length,
  }));
  return votes.toSorted((a, b) => b.alike - a.alike)[0]?.one;
}

function isAlike(a: Counted, b: Counted, sizePercent: number): boolean {
  if (a.nodes !== b.nodes) return false;
  if (a.bytes < 0 || b.bytes < 0) return true;
  return Math.abs(a.bytes - b.bytes) <= (Math.max(a.bytes, b.bytes) * sizePercent) / 100;
}
