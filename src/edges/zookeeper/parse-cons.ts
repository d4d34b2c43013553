import { type ClientAddress, type ClientFacts, surveyClientsMax } from '../../model/survey.ts';

/** What `cons` says, and when the connection of a session began by the server's clock. */
export interface Cons {
  readonly facts: ClientFacts;
  readonly own?: { readonly address: string; readonly establishedMs?: number };
}

const line = /^\s*\/?(\S+):(\d+)\[\d+\]\((.*)\)\s*$/u;

interface Connection {
  readonly address: string;
  readonly port: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** The connections of a server. A line that was cut or that nobody can read is left out. */
function* connectionsIn(text: string): Generator<Connection> {
  for (const raw of text.split('\n')) {
    const [, address, port = '', fields = ''] = line.exec(raw) ?? [];
    if (address !== undefined) yield { address, port, fields: fieldsOf(fields) };
  }
}

/**
 * Reads `cons` of every version. Session ids stay text: they pass 2^53. The asking connection itself (it has no session) and the one of
 * `session` are the bot's own and not counted.
 */
export function parseCons(text: string, atMs: number, session?: string): Cons | undefined {
  const byAddress = new Map<string, { connections: number; received: number }>();
  let total = 0;
  let lines = 0;
  let own: Cons['own'];
  for (const { address, fields } of connectionsIn(text)) {
    lines += 1;
    const sid = fields.get('sid');
    if (sid !== undefined && sid === session) {
      const est = wholeIn(fields.get('est'));
      own = { address, ...(est === undefined ? {} : { establishedMs: est }) };
      continue;
    }
    // Connections of four-letter words have no session; neither have those that flood and never say hello: these stay open.
    if (sid === undefined && (wholeIn(fields.get('recved')) ?? 0) > 0) continue;
    total += 1;
    const known = byAddress.get(address) ?? { connections: 0, received: 0 };
    known.connections += 1;
    known.received += wholeIn(fields.get('recved')) ?? 0;
    byAddress.set(address, known);
  }
  if (lines === 0) return undefined;
  return {
    facts: {
      atMs,
      total,
      byAddress: biggest(byAddress),
      ...(own === undefined ? {} : { own: own.address }),
    },
    ...(own === undefined ? {} : { own }),
  };
}

/** The address each session is connected from, as `cons` tells. */
export function sessionAddresses(text: string): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const { address, fields } of connectionsIn(text)) {
    const session = fields.get('sid');
    if (session !== undefined) addresses.set(session, address);
  }
  return addresses;
}

function biggest(
  all: ReadonlyMap<string, { readonly connections: number; readonly received: number }>,
): readonly ClientAddress[] {
  return [...all]
    .map(([address, counts]) => ({ address, ...counts }))
    .sort((a, b) => b.connections - a.connections || b.received - a.received)
    .slice(0, surveyClientsMax);
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(0, equals));
    if (equals > 0 && !fields.has(key)) fields.set(key, part.slice(equals + 1));
  }
  return fields;
}

/** A count below 2^53. */
function wholeIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;
}

/** The connection of a session: where it comes from, how long it stands by the server's clock, what it may be silent. */
export function connectionOf(
  text: string,
  session: string,
  nowMs: number,
):
  | { readonly connection: string; readonly ageMs?: number; readonly timeoutMs?: number }
  | undefined {
  for (const { address, port, fields } of connectionsIn(text)) {
    if (fields.get('sid') !== session) continue;
    const beganMs = wholeIn(fields.get('est'));
    const timeoutMs = wholeIn(fields.get('to'));
    return {
      connection: `${address}:${port}`,
      ...(beganMs === undefined ? {} : { ageMs: Math.max(0, nowMs - beganMs) }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  }
  return undefined;
}
