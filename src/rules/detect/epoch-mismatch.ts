import type { Detector } from '../../model/finding.ts';
import { zxidOf } from '../../model/sample.ts';
import { censusOf } from './signs/census.ts';
import { ofServers, unknown } from './signs/judged.ts';

/** The time a follower may take to drop out (syncLimit) and to come back (initLimit), by default 30 s. */
const thresholds = { holdMs: 30_000 };

/** Transactions are numbered anew with every leader: the upper half is the leader's epoch, the lower one counts. */
const counterBits = 32n;
const counterMask = 0xffff_ffffn;

/**
 * A server that serves is at another epoch than the leader. Until the first write of a leader its followers say the old one, so
 * that must have happened.
 */
export const epochMismatch: Detector = ofServers({
  name: 'epoch-mismatch',
  severity: 'warn',
  thresholds,
  holdMs: (view, limit) => {
    const { tickTimeMs, initLimit, syncLimit } = view.ensemble.timing;
    const own = view.thresholds['epoch-mismatch']?.['holdMs'];
    return own === undefined ? (initLimit + syncLimit) * tickTimeMs : limit('holdMs');
  },
  judge: (view, { id }) => {
    const { leader } = censusOf(view).standing;
    const lead = leader === undefined ? undefined : zxidOf(view.samples[leader]);
    const sample = view.samples[id];
    const own = zxidOf(sample);
    if (leader === undefined || lead === undefined || own === undefined) return unknown;
    if (sample?.kind !== 'reading' || sample.mode === 'read-only') return unknown;
    if ((lead & counterMask) === 0n) return unknown;
    const [epoch, leaderEpoch] = [own >> counterBits, lead >> counterBits];
    return {
      verdict: epoch === leaderEpoch ? 'clear' : 'firing',
      facts: { epoch: Number(epoch), leaderEpoch: Number(leaderEpoch), leader },
      evidence: [
        `${leader} (leader): zxid 0x${lead.toString(16)}, epoch ${leaderEpoch}`,
        `${id}: zxid 0x${own.toString(16)}, epoch ${epoch}`,
      ],
    };
  },
});
