import { type Answer, isFigure, metricsMax, modeOf, versionOf } from './answer.ts';
import { peerStateCharsMax } from './parse-mntr.ts';

/** Reads the AdminServer's `/commands/monitor`: the keys of `mntr` without `zk_`, as JSON. Undefined when it is not that. */
export function parseMonitor(text: string): Answer | undefined {
  const body = objectIn(text);
  if (body === undefined) return undefined;
  const mode = modeOf(String(body['server_state']));
  if (mode === undefined) return undefined;
  const numbers = Object.entries(body).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && isFigure(entry[1]),
  );
  const metrics = Object.fromEntries(numbers.slice(0, metricsMax));
  const version = versionOf(String(body['version']));
  const peerState = body['peer_state'];
  return {
    mode,
    metrics,
    ...(version === undefined ? {} : { version }),
    ...(typeof peerState === 'string' ? { peerState: peerState.slice(0, peerStateCharsMax) } : {}),
  };
}

/** The JSON object in a text, or undefined. Numbers above 2^53 lose digits: ids that need them are not read through this. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
