import type { ServerId } from '../../model/ensemble.ts';
import type { Facts } from '../../model/finding.ts';
import type { Alarm, GuardView } from '../../model/recovery-action.ts';

/** A cause that a restart does not take away, and the facts for its words. */
export interface Hopeless {
  readonly why: string;
  readonly facts: Facts;
}

/** Whether no process is there any more: a restart is a start then, takes nothing away, and only a full disk stands against it. */
export function isGone({ view, server }: GuardView): boolean {
  const sample = view.samples[server.id];
  return sample?.kind === 'failure' && sample.reason === 'refused';
}

/**
 * The known cause that restarting this one server would not take away, or make worse. The open incidents tell it. Faults that a changed
 * configuration mends are taken in with a rolling restart, which is not asked this.
 */
export function hopelessCause(input: GuardView): Hopeless | undefined {
  const gone = isGone(input);
  for (const alarm of input.alarms ?? []) {
    const why = whyHopeless(alarm, input, gone);
    if (why !== undefined) return { why, facts: factsOf(alarm) };
  }
  return undefined;
}

function whyHopeless(
  { detector, server: about, severity, facts = {} }: Alarm,
  { server: { id }, view }: GuardView,
  gone: boolean,
): string | undefined {
  const own = about === id;
  switch (detector) {
    case 'disk-full-now':
      return own ? 'disk-full' : undefined;
    case 'bot-partitioned':
      return listOf(facts, 'servers').includes(id) ? 'bot-cut-off' : undefined;
    case 'member-unreachable':
      return own ? 'unreachable' : undefined;
    case 'peer-mesh-broken':
      return isInPair(listOf(facts, 'pairs'), id) ? 'network-split' : undefined;
    case 'tls-cert-expiry':
      return own && !gone && Number(facts['notAfterMs']) <= view.atMs ? 'certificate' : undefined;
    case 'heap-pressure':
      return own && !gone && severity === 'page' ? 'out-of-memory' : undefined;
    case 'overload':
      return !gone && listOf(facts, 'servers').includes(id) ? 'overload' : undefined;
    case 'digest-mismatch':
      return own && !gone ? 'wrong-data' : undefined;
    default:
      return undefined;
  }
}

function factsOf({ facts = {}, server }: Alarm): Facts {
  const told = ['path', 'disk', 'port', 'notAfterMs', 'percent', 'address', 'pairs'] as const;
  return {
    ...(server === undefined ? {} : { about: server }),
    ...Object.fromEntries(
      told.flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key]]])),
    ),
  };
}

function listOf(facts: Facts, key: string): readonly string[] {
  const value = facts[key];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** A pair stands as `zk1 – zk3`. */
function isInPair(pairs: readonly string[], id: ServerId): boolean {
  return pairs.some((pair) => pair.split(' – ').includes(id));
}
