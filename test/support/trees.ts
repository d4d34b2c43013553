import { NightkeeperError } from '../../src/model/errors.ts';
import type { NodeStat } from '../../src/model/tree.ts';
import type { Trees } from '../../src/ports/trees.ts';

/** A tree in memory that is read as an ensemble's is, and counts what is asked. */
export interface PlayedTree {
  readonly trees: Trees;
  readonly asked: string[];
  /** Servers a session was opened on. */
  readonly opened: string[];
  readonly closed: () => number;
  /** Makes a znode, and those above it; an owner makes it ephemeral. */
  put(path: string, bytes?: number, owner?: string): void;
  remove(path: string): void;
  /** Addresses that `cons` of every server tells. */
  readonly clients: Map<string, string>;
  /** Every question for this path fails. */
  breakAt(path: string | undefined): void;
}

interface Node {
  readonly czxid: number;
  pzxid: number;
  cversion: number;
  readonly bytes: number;
  readonly owner?: string;
}

export function aTree(): PlayedTree {
  const nodes = new Map<string, Node>([['/', { czxid: 0, pzxid: 0, cversion: 0, bytes: 0 }]]);
  const asked: string[] = [];
  const opened: string[] = [];
  const clients = new Map<string, string>();
  let zxid = 0;
  let closed = 0;
  let broken: string | undefined;

  const namesOf = (path: string): readonly string[] => {
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...nodes.keys()]
      .filter((each) => each !== '/' && each.startsWith(prefix))
      .map((each) => each.slice(prefix.length))
      .filter((name) => !name.includes('/'));
  };
  const touchParent = (path: string): void => {
    const parent = nodes.get(path.slice(0, path.lastIndexOf('/')) || '/');
    if (parent === undefined) return;
    parent.pzxid = zxid;
    parent.cversion += 1;
  };
  const put = (path: string, bytes = 0, owner?: string): void => {
    const above = path.slice(0, path.lastIndexOf('/'));
    if (above !== '' && !nodes.has(above)) put(above);
    zxid += 1;
    nodes.set(path, {
      czxid: zxid,
      pzxid: zxid,
      cversion: 0,
      bytes,
      ...(owner === undefined ? {} : { owner }),
    });
    touchParent(path);
  };
  const check = (path: string): void => {
    asked.push(path);
    if (path === broken) throw new NightkeeperError('zookeeper-timeout', `${path}: no answer`);
  };
  return {
    asked,
    opened,
    clients,
    put,
    closed: () => closed,
    breakAt(path) {
      broken = path;
    },
    remove(path) {
      zxid += 1;
      nodes.delete(path);
      touchParent(path);
    },
    trees: {
      clients: () => Promise.resolve(clients),
      open(_, server) {
        opened.push(server.id);
        return Promise.resolve({
          stat(path) {
            asked.push(path);
            const node = nodes.get(path);
            return Promise.resolve(node && statOf(node, namesOf(path).length));
          },
          async children(path) {
            check(`${path} children`);
            return nodes.has(path) ? namesOf(path) : undefined;
          },
          close() {
            closed += 1;
            return Promise.resolve();
          },
        });
      },
    },
  };
}

function statOf(node: Node, children: number): NodeStat {
  return {
    createdZxid: `0x${node.czxid.toString(16)}`,
    childrenZxid: `0x${node.pzxid.toString(16)}`,
    childChanges: node.cversion,
    ...(node.owner === undefined ? {} : { owner: node.owner }),
    bytes: node.bytes,
    children,
  };
}
