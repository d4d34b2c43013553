import type { Detector, EnsembleView } from '../../model/finding.ts';
import { type Judgement, ofServersOrEnsemble } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/**
 * A server that was killed in the middle of a write counts one mismatch when it starts again, and holds the same data as the others
 * (seen with 3.8.0). One that holds other data counts every write from then on: 546 within a minute were seen.
 */
const thresholds = { holdMs: 0, mismatches: 10 };

/** Transactions compared, the newest that several servers have a digest of. */
const comparedMax = 8;

/**
 * A server has other data than the others (ZOOKEEPER-3512 counts it since 3.6; only the wrong one counts). Digests of `hash` tell it
 * again after a restart: what most servers have is right, and of two that differ nobody knows which.
 */
export const digestMismatch: Detector = ofServersOrEnsemble({
  name: 'digest-mismatch',
  severity: 'page',
  thresholds,
  judge: (view, limit, judged) => {
    const { wrong, undecided, compared } = compare(view);
    const servers = judged.map(({ id }) => ({
      server: id,
      judgement: judgeServer(view, id, {
        wrong: wrong.get(id),
        isCompared: compared.has(id),
        mismatches: limit('mismatches'),
      }),
    }));
    const isNamed = servers.some(({ judgement }) => judgement.verdict === 'firing');
    return [
      ...servers,
      {
        judgement: {
          verdict:
            undecided.length > 0 && !isNamed ? 'firing' : compared.size > 0 ? 'clear' : 'unknown',
          conclusive: true,
          facts: { count: 0, zxid: '', undecided: true },
          evidence: undecided,
        },
      },
    ];
  },
});

function judgeServer(
  view: EnsembleView,
  server: string,
  {
    wrong,
    isCompared,
    mismatches,
  }: {
    readonly wrong: string | undefined;
    readonly isCompared: boolean;
    readonly mismatches: number;
  },
): Judgement {
  const sample = view.samples[server];
  const count = sample?.kind === 'reading' ? sample.metrics['digest_mismatches_count'] : undefined;
  if (count === undefined && !isCompared) return { verdict: 'unknown' };
  const isCounted = (count ?? 0) >= mismatches;
  const isFiring = isCounted || wrong !== undefined;
  return {
    verdict: isFiring ? 'firing' : 'clear',
    conclusive: true,
    facts: { count: count ?? -1, zxid: wrong ?? '', undecided: false },
    evidence: [
      ...(isCounted ? [`${server}: digest_mismatches_count ${count}`] : []),
      ...(wrong === undefined ? [] : [`${server}: another digest than the majority at ${wrong}`]),
    ],
  };
}

/** The newest transaction at which each server differs from the majority; and where no majority says who is right. */
function compare(view: EnsembleView): {
  readonly wrong: ReadonlyMap<string, string>;
  readonly undecided: readonly string[];
  readonly compared: ReadonlySet<string>;
} {
  const bySever = view.ensemble.servers.flatMap(({ id }) => {
    const digests = surveyed(view, id, 'digests');
    return digests === undefined ? [] : [{ id, byZxid: digests.byZxid }];
  });
  const holders = new Map<string, { id: string; digest: string }[]>();
  for (const { id, byZxid } of bySever)
    for (const [zxid, digest] of Object.entries(byZxid))
      holders.set(zxid, [...(holders.get(zxid) ?? []), { id, digest }]);
  const common = [...holders]
    .filter(([, held]) => held.length > 1)
    .sort(([a], [b]) => (BigInt(a) < BigInt(b) ? 1 : -1))
    .slice(0, comparedMax);
  const wrong = new Map<string, string>();
  const undecided: string[] = [];
  const compared = new Set(common.flatMap(([, held]) => held.map(({ id }) => id)));
  for (const [zxid, held] of common) {
    const right = majorityOf(held.map(({ digest }) => digest));
    if (right === undefined)
      undecided.push(`${zxid}: ${held.map(({ id, digest }) => `${id} ${digest}`).join(', ')}`);
    else
      for (const { id, digest } of held)
        if (digest !== right && !wrong.has(id)) wrong.set(id, zxid);
  }
  return { wrong, undecided, compared };
}

/** What more than half of them have. */
function majorityOf(digests: readonly string[]): string | undefined {
  return digests.find(
    (one) => digests.filter((other) => other === one).length * 2 > digests.length,
  );
}
