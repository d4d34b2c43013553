import { type Answer, figureOf, modeOf, versionOf } from './answer.ts';

/** Lines of `srvr` with one number, and the `mntr` key of the same number. */
const single: Readonly<Record<string, string>> = {
  Received: 'packets_received',
  Sent: 'packets_sent',
  Connections: 'num_alive_connections',
  Outstanding: 'outstanding_requests',
  'Node count': 'znode_count',
};

/**
 * Reads the answer to `srvr`: lines of `Name: value`, the same in all versions. Undefined when it is not one or was cut: it ends
 * with a newline, and the node count is there in every mode.
 */
export function parseSrvr(text: string): Answer | undefined {
  if (!text.endsWith('\n') || !/^Node count: /m.test(text)) return undefined;
  const metrics: Record<string, number> = {};
  const words: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon < 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 2).trim();
    const key = Object.hasOwn(single, name) ? single[name] : undefined;
    if (key !== undefined) {
      const number = figureOf(value);
      if (number !== undefined && !Object.hasOwn(metrics, key)) metrics[key] = number;
    } else if (name === 'Latency min/avg/max') {
      Object.assign(metrics, latenciesOf(value));
    } else {
      words[name] ??= value;
    }
  }
  const mode = modeOf(words['Mode'] ?? '');
  if (mode === undefined) return undefined;
  const version = versionOf(words['Zookeeper version'] ?? '');
  const zxid = words['Zxid'];
  return {
    mode,
    metrics,
    ...(version === undefined ? {} : { version }),
    // Kept as text: a zxid has 64 bits, a number 53.
    ...(zxid !== undefined && /^0x[0-9a-f]{1,16}$/.test(zxid) ? { zxid } : {}),
  };
}

function latenciesOf(value: string): Readonly<Record<string, number>> {
  const names = ['min_latency', 'avg_latency', 'max_latency'];
  return Object.fromEntries(
    value.split('/').flatMap((part, index) => {
      const name = names[index];
      const number = figureOf(part);
      return name === undefined || number === undefined ? [] : [[name, number] as const];
    }),
  );
}
