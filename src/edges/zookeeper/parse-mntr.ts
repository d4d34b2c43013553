import { type Answer, figureOf, metricsMax, modeOf, versionOf } from './answer.ts';

/**
 * Reads the answer to `mntr` of every version from 3.4 to 3.9: lines of `zk_key<TAB>value`. Undefined when it is not one or was
 * cut: all versions end it with a newline. Of a key that comes twice the first counts; a figure below -1 is
 * left out, as one that is missing.
 */
export function parseMntr(text: string): Answer | undefined {
  if (!text.endsWith('\n')) return undefined;
  const metrics: Record<string, number> = {};
  const words: Record<string, string> = {};
  let kept = 0;
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0 || !line.startsWith('zk_')) continue;
    const key = line.slice('zk_'.length, tab);
    const value = line.slice(tab + 1).trim();
    if (key === 'server_state' || key === 'peer_state' || key === 'version') words[key] ??= value;
    const number = figureOf(value);
    if (number === undefined || kept >= metricsMax || Object.hasOwn(metrics, key)) continue;
    metrics[key] = number;
    kept += 1;
  }
  const mode = modeOf(words['server_state'] ?? '');
  if (mode === undefined) return undefined;
  const version = versionOf(words['version'] ?? '');
  const peerState = words['peer_state'];
  return {
    mode,
    metrics,
    ...(version === undefined ? {} : { version }),
    ...(peerState === undefined ? {} : { peerState: peerState.slice(0, peerStateCharsMax) }),
  };
}

/** The longest state known is `following - synchronization`: more is not ZooKeeper's. */
export const peerStateCharsMax = 60;
