import type { ServerId } from '../../model/ensemble.ts';
import type { FailureReason, Mode, Sample, Source } from '../../model/sample.ts';
import { keptMetrics, keptOfLearners } from '../../ports/ensemble-store.ts';

/**
 * Samples as the rings hold them: a JSON list without the server (the ring is the server's) and without metric names. A
 * reading of ZooKeeper 3.8 takes about 530 bytes (the leader of a busy ensemble), a failure about 60.
 *
 *   reading   [atMs, tookMs, mode, source, zxid, version, peerState, refusedWords, place, value, place, value, …]
 *   failure   [atMs, tookMs, '!', reason, connected, detail, refusedWords]
 *
 * `place` is the position of the metric in `keptMetrics`, or a short name of a leader's metric about a learner (`cq2`: the count of
 * `2_learner_handler_qp_size`); 0 stands for what the sample does not have.
 */
export function encodeSample(sample: Sample): string {
  const { atMs, tookMs } = sample;
  const refused = sample.refusedWords ?? 0;
  if (sample.kind === 'failure') {
    const { reason, connected, detail } = sample;
    return JSON.stringify([atMs, tookMs, '!', reason, connected ? 1 : 0, detail, refused]);
  }
  const { mode, source, zxid, version, peerState, metrics } = sample;
  const head = [atMs, tookMs, mode, source, zxid ?? 0, version ?? 0, peerState ?? 0, refused];
  const tail = keptMetrics.flatMap((key, place) => {
    const value = metrics[key];
    return value === undefined || !Number.isFinite(value) ? [] : [place, value];
  });
  const learners = Object.entries(metrics).flatMap(([key, value]) =>
    Number.isFinite(value) && keptOfLearners.test(key) ? [shortOf(key), value] : [],
  );
  return JSON.stringify([...head, ...tail, ...learners]);
}

/** Reads a sample back. Undefined when it is not readable: a ring has many, and one less blinds nobody. */
export function decodeSample(text: string, server: ServerId): Sample | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  const [atMs, tookMs, mode] = list as readonly unknown[];
  if (typeof atMs !== 'number' || typeof tookMs !== 'number' || typeof mode !== 'string')
    return undefined;
  const base = { server, atMs, tookMs };
  return mode === '!' ? decodeFailure(base, list) : decodeReading(base, list);
}

interface Base {
  readonly server: ServerId;
  readonly atMs: number;
  readonly tookMs: number;
}

function decodeFailure(base: Base, list: readonly unknown[]): Sample | undefined {
  const [, , , reason, connected, detail, refused] = list;
  if (typeof reason !== 'string' || typeof detail !== 'string') return undefined;
  return {
    kind: 'failure',
    ...base,
    reason: reason as FailureReason,
    connected: connected === 1,
    detail,
    ...(Array.isArray(refused) && { refusedWords: refused.map(String) }),
  };
}

function decodeReading(base: Base, list: readonly unknown[]): Sample | undefined {
  const [, , mode, source, zxid, version, peerState, refused, ...pairs] = list;
  if (typeof source !== 'string') return undefined;
  const metrics: Record<string, number> = {};
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const place = pairs[index];
    const key = typeof place === 'string' ? longOf(place) : keptMetrics[Number(place)];
    const value = pairs[index + 1];
    if (key !== undefined && typeof value === 'number') metrics[key] = value;
  }
  return {
    kind: 'reading',
    ...base,
    mode: mode as Mode,
    source: source as Source,
    metrics,
    ...(typeof zxid === 'string' && { zxid }),
    ...(typeof version === 'string' && { version }),
    ...(typeof peerState === 'string' && { peerState }),
    ...(Array.isArray(refused) && { refusedWords: refused.map(String) }),
  };
}

/** The parts of a learner's metric and the letter that stands for each. */
const parts: readonly (readonly [letter: string, text: string])[] = [
  ['c', 'cnt'],
  ['s', 'sum'],
  ['m', 'max'],
  ['q', 'learner_handler_qp_size'],
  ['t', 'learner_handler_qp_time_ms'],
  ['a', 'ack_latency'],
];

/** `cnt_2_learner_handler_qp_size` as `cq2`. */
function shortOf(key: string): string {
  const [, figure, sid, what] = /^([a-z]+)_(\d+)_(.+)$/u.exec(key) ?? [];
  const letterOf = (text: string | undefined) => parts.find(([, long]) => long === text)?.[0] ?? '';
  return `${letterOf(figure)}${letterOf(what)}${sid}`;
}

function longOf(short: string): string | undefined {
  const [, figure, what, sid] = /^([csm])([qta])(\d{1,3})$/u.exec(short) ?? [];
  const textOf = (letter: string | undefined) => parts.find(([one]) => one === letter)?.[1];
  return sid === undefined ? undefined : `${textOf(figure)}_${sid}_${textOf(what)}`;
}
