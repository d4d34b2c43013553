import type { EnsembleId } from '../../model/ensemble.ts';

/**
 * Which replica watches an ensemble: the one with the highest number for it. Every replica works this out alone and comes to the
 * same answer, the ensembles spread evenly, and only those of a replica that came or went change hands. Undefined without replicas.
 */
export function ownerOf(ensemble: EnsembleId, replicas: readonly string[]): string | undefined {
  let best: { readonly replica: string; readonly weight: number } | undefined;
  for (const replica of replicas) {
    const weight = weightOf(`${replica} ${ensemble}`);
    if (
      best === undefined ||
      weight > best.weight ||
      (weight === best.weight && replica < best.replica)
    )
      best = { replica, weight };
  }
  return best?.replica;
}

/**
 * A number from 0 to 2^32 - 1 that looks like chance: FNV-1a, stirred as in the end of MurmurHash3, since FNV alone leaves names
 * that differ only in their last character close together.
 */
function weightOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
