import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { type Judgement, ofServersOrEnsemble, unknown } from './signs/judged.ts';
import { hintOf, surveyed } from './signs/surveyed.ts';
import { walked } from './signs/tree.ts';

/** Half of what one request may have, and four fifths of it. [guess] The limit itself is ZooKeeper's. */
const thresholds = { holdMs: 0, lines: 1, warnPercent: 50, pagePercent: 80 };

/** What an HTTP request looks like as a length: "GET ". A monitor that asks the wrong port, and no node. */
const httpLengths = /\b(?:1195725856|1347375956|1212498244|1330664521)\b/u;

/** What ZooKeeper allows where `jute.maxbuffer` is not set. */
const maxBufferDefault = 1_048_575;

/** Znodes among the evidence. */
const nodesMax = 5;

/**
 * Somebody sends or asks for more than `jute.maxbuffer` (1 MiB by default), or soon will: the server closes the connection, and the
 * client sees nothing but ConnectionLoss, for ever. No counter moves: only the log tells it, and a walk over the tree which znode it is.
 */
export const nodeTooBig: Detector = ofServersOrEnsemble({
  name: 'node-too-big',
  severity: 'warn',
  thresholds,
  judge: (view, limit, servers) => [
    ...servers.map((server) => ({
      server: server.id,
      judgement: byLog(view, server, limit('lines')),
    })),
    { judgement: byTree(view, limit('warnPercent'), limit('pagePercent')) },
  ],
});

function byLog(view: EnsembleView, { id }: Server, lines: number): Judgement {
  const host = surveyed(view, id, 'host');
  if (host?.logFile === undefined) return unknown;
  const hint = hintOf(host, 'len-error');
  const isHttp = httpLengths.test(hint?.line ?? '');
  const count = isHttp ? 0 : (hint?.count ?? 0);
  const [address = ''] = hint?.addresses?.[0]?.split(' ') ?? [];
  const [largest] = nodesOf(view);
  return {
    verdict: count >= lines ? 'firing' : 'clear',
    facts: { count, address, suspect: largest?.path ?? '' },
    evidence: hint?.line === undefined ? [] : [`${id} log (${hint.count}x): ${hint.line}`],
  };
}

function byTree(view: EnsembleView, warnPercent: number, pagePercent: number): Judgement {
  const tree = walked(view);
  if (tree === undefined) return unknown;
  const most = maxBufferOf(view);
  const big = nodesOf(view).filter(({ bytes }) => bytes * 100 > most * warnPercent);
  const worst = big[0];
  const percent = Math.round((100 * (worst?.bytes ?? 0)) / most);
  return {
    // A walk that was cut has not seen all there is.
    verdict: worst !== undefined ? 'firing' : tree.round.cut === undefined ? 'clear' : 'unknown',
    severity: percent > pagePercent ? 'page' : 'warn',
    facts: {
      path: worst?.path ?? '',
      what: worst?.what ?? 'data',
      bytes: worst?.bytes ?? 0,
      limitBytes: most,
      percent,
      children: worst?.children ?? 0,
      count: big.length,
    },
    evidence: big
      .slice(0, nodesMax)
      .map(({ path, what, bytes, children }) =>
        what === 'data'
          ? `${path}: ${bytes} bytes of data`
          : `${path}: ${children} children, a list of ${bytes} bytes`,
      ),
  };
}

interface BigNode {
  readonly path: string;
  readonly what: 'data' | 'children';
  readonly bytes: number;
  readonly children: number;
}

/** Bytes a child takes in a list that was too long to be asked for: the ten digits of a sequential name, and its length. */
const nameBytes = 14;

/** What has to fit into one answer: the data of a znode, or the list of its children; largest first. */
function nodesOf(view: EnsembleView): readonly BigNode[] {
  const tree = walked(view);
  if (tree === undefined) return [];
  return [
    ...tree.largest.map(({ path, bytes }): BigNode => ({ path, what: 'data', bytes, children: 0 })),
    ...tree.widest.map(
      ({ path, children, listBytes }): BigNode => ({
        path,
        what: 'children',
        bytes: listBytes ?? children * nameBytes,
        children,
      }),
    ),
  ].toSorted((a, b) => b.bytes - a.bytes);
}

/** The smallest limit any server says it has. */
function maxBufferOf(view: EnsembleView): number {
  const said = view.ensemble.servers.flatMap(({ id }) => {
    const text = surveyed(view, id, 'host')?.settings?.['jute.maxbuffer'];
    return surveyed(view, id, 'admin')?.maxBufferBytes ?? numberIn(text) ?? [];
  });
  return said.length === 0 ? maxBufferDefault : Math.min(...said);
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/u.test(text) ? Number(text) : undefined;
}
