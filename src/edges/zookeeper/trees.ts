import type { Stat } from 'node-zookeeper-client';
import { NightkeeperError } from '../../model/errors.ts';
import type { NodeStat } from '../../model/tree.ts';
import { kindByOwner } from '../../model/znode.ts';
import type { Trees } from '../../ports/trees.ts';
import { textOfWord } from './four-letter-word.ts';
import { createSocketOpener } from './open-socket.ts';
import type { OwnSessionBooks } from './own-sessions.ts';
import { sessionAddresses } from './parse-cons.ts';
import { openLink } from './session-link.ts';
import { operationsBy } from './session-operations.ts';
import { isReply } from './session-replies.ts';

/** A session that lives for one step of a walk; the server pings nobody, so it must outlive the longest pause between requests. */
const sessionTimeoutMs = 30_000;

/** The longest one answer may take: a list of thousands of children is no more than a megabyte. */
export const treeAnswerMs = 3000;

const opener = createSocketOpener();

/** Reads trees over sessions of their own: stats and lists of children, never data, never a watch. */
export function createTrees(ownSessions?: OwnSessionBooks): Trees {
  return {
    async open({ id, tls }, server) {
      const link = await openLink({
        server: server.client,
        ...(tls === undefined ? {} : { tls }),
        opener,
        ...(ownSessions === undefined ? {} : { book: ownSessions.book(id) }),
        sessionTimeoutMs,
        handshakeTimeoutMs: treeAnswerMs,
      });
      const operations = operationsBy((request, ms) => link.request(request, ms));
      return {
        async stat(path) {
          const stat = await operations.stat(path, treeAnswerMs);
          return stat === undefined ? undefined : nodeStatOf(stat);
        },
        async children(path) {
          try {
            return await operations.getChildren(path, treeAnswerMs);
          } catch (error) {
            if (isOurs(error)) return undefined;
            throw error;
          }
        },
        close: () => link.close(),
      };
    },
    async clients(settings, server) {
      return sessionAddresses((await textOfWord(settings, server, 'cons', treeAnswerMs)) ?? '');
    },
  };
}

/** It is gone, may not be read, or has a name the library does not send: the znode's own matter, not the server's. */
function isOurs(error: unknown): boolean {
  if (isReply(error, 'NONODE', 'NOAUTH')) return true;
  return error instanceof NightkeeperError && error.code === 'zookeeper-protocol';
}

function nodeStatOf(stat: Stat): NodeStat {
  return {
    createdZxid: hex(stat.czxid),
    childrenZxid: hex(stat.pzxid),
    childChanges: stat.cversion,
    ...(kindByOwner(stat.ephemeralOwner).kind === 'ephemeral'
      ? { owner: hex(stat.ephemeralOwner) }
      : {}),
    bytes: stat.dataLength,
    children: stat.numChildren,
  };
}

function hex(bytes: Buffer): string {
  return `0x${bytes.readBigUInt64BE().toString(16)}`;
}
