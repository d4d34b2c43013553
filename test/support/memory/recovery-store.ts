import type { EnsembleId } from '../../../src/model/ensemble.ts';
import type { EvidencePack, Recovery } from '../../../src/model/recovery.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import {
  evidenceKept,
  type RecoveryStore,
  recoveriesMax,
} from '../../../src/ports/recovery-store.ts';

interface Lock {
  readonly recovery: string;
  readonly fence: number;
  readonly untilMs: number;
}

/** Recoveries and their locks, kept in this process; locks end by the clock given. */
export function createMemoryRecoveryStore(clock: Clock): RecoveryStore {
  const locks = new Map<EnsembleId, Lock>();
  const fences = new Map<EnsembleId, number>();
  const kept = new Map<EnsembleId, Recovery[]>();
  const evidence = new Map<EnsembleId, readonly (readonly [string, readonly EvidencePack[]])[]>();
  let last = 0;

  function holder(ensemble: EnsembleId): Lock | undefined {
    const lock = locks.get(ensemble);
    return lock !== undefined && lock.untilMs > clock.now() ? lock : undefined;
  }

  function isOurs(ensemble: EnsembleId, recovery: string, fence: number): boolean {
    const lock = holder(ensemble);
    return lock?.recovery === recovery && lock.fence === fence;
  }

  return {
    lock(ensemble, recovery, leaseMs) {
      const held = holder(ensemble);
      if (held !== undefined && held.recovery !== recovery)
        return Promise.resolve({ heldBy: held.recovery });
      const fence = (fences.get(ensemble) ?? 0) + 1;
      fences.set(ensemble, fence);
      locks.set(ensemble, { recovery, fence, untilMs: clock.now() + leaseMs });
      return Promise.resolve({ fence });
    },
    renew(ensemble, recovery, fence, leaseMs) {
      if (!isOurs(ensemble, recovery, fence)) return Promise.resolve(false);
      locks.set(ensemble, { recovery, fence, untilMs: clock.now() + leaseMs });
      return Promise.resolve(true);
    },
    unlock(ensemble, recovery, fence) {
      if (isOurs(ensemble, recovery, fence)) locks.delete(ensemble);
      return Promise.resolve();
    },
    running: (ensemble) => Promise.resolve(holder(ensemble)?.recovery),
    allocate() {
      last += 1;
      return Promise.resolve(`r-${last}`);
    },
    save(recovery, expectedVersion) {
      const { ensemble, id } = recovery;
      const others = (kept.get(ensemble) ?? []).filter((other) => other.id !== id);
      const known = kept.get(ensemble)?.find((other) => other.id === id);
      if ((known?.version ?? 0) !== expectedVersion) return Promise.resolve('conflict');
      const all = [...others, structuredClone(recovery)].sort((a, b) => numberOf(a) - numberOf(b));
      const running = holder(ensemble)?.recovery;
      while (all.length > recoveriesMax)
        all.splice(
          all.findIndex((other) => other.id !== running),
          1,
        );
      kept.set(ensemble, all);
      return Promise.resolve('written');
    },
    keepEvidence(ensemble, id, packs) {
      const all = [
        ...(evidence.get(ensemble) ?? []).filter(([other]) => other !== id),
        [id, packs],
      ] as const;
      evidence.set(
        ensemble,
        all
          .toSorted(([a], [b]) => Number(a.replace('r-', '')) - Number(b.replace('r-', '')))
          .slice(-evidenceKept),
      );
      return Promise.resolve();
    },
    evidence: (ensemble, id) =>
      Promise.resolve(evidence.get(ensemble)?.find(([other]) => other === id)?.[1] ?? []),
    get: (ensemble, id) =>
      Promise.resolve(structuredClone(kept.get(ensemble)?.find((recovery) => recovery.id === id))),
    recent: (ensemble, limit) =>
      Promise.resolve(structuredClone([...(kept.get(ensemble) ?? [])].reverse().slice(0, limit))),
  };
}

function numberOf(recovery: Recovery): number {
  return Number(recovery.id.replace('r-', ''));
}
