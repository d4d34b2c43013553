import { createSocketOpener } from '../../src/edges/zookeeper/open-socket.ts';
import { openLink } from '../../src/edges/zookeeper/session-link.ts';
import { operationsBy } from '../../src/edges/zookeeper/session-operations.ts';
import { sessionPassword } from '../../src/edges/zookeeper/session-password.ts';

/** How long one answer of a server may take. */
export const answerMs = 5000;

/** What ZooKeeper calls the mode of an ephemeral znode. */
const ephemeral = 1;

/** Somebody with a session at a real server, or the one who takes a session over. Whoever opens it closes its link. */
export async function openClient(
  { host, clientPort: port }: { readonly host: string; readonly clientPort: number },
  sessionTimeoutMs: number,
  session?: string,
) {
  const link = await openLink(
    {
      server: { host, port },
      opener: createSocketOpener(),
      sessionTimeoutMs,
      handshakeTimeoutMs: answerMs,
      onPong: () => undefined,
      ...(session === undefined
        ? {}
        : { session: { id: session, password: sessionPassword(session) } }),
    },
    new AbortController().signal,
  );
  const operations = operationsBy((request, ms) => link.request(request, ms));
  const register = (path: string) =>
    link.request<string>(
      {
        operation: 'create',
        path,
        send: (library, done) => library.create(path, Buffer.alloc(0), ephemeral, done),
      },
      answerMs,
    );
  return { link, operations, register, id: link.sessionId };
}
