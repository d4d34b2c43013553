import type { Server } from '../../model/ensemble.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { Log } from '../../ports/log.ts';
import type { SocketOpener } from './open-socket.ts';
import type { SessionBook } from './own-sessions.ts';
import type { ServerNotices } from './sensor-notices.ts';
import { openSession, type SessionEvent } from './session.ts';
import { heartbeatTimeoutMs, missesMax } from './session-pulse.ts';
import { nameOf } from './socket-failure.ts';

export interface HoldOptions {
  readonly server: Server;
  readonly tls?: TlsSettings;
  readonly opener: SocketOpener;
  readonly book?: SessionBook;
  readonly everyMs: () => number;
  readonly notices: ServerNotices;
  readonly log: Log;
}

/** Holds a server by a ZooKeeper session with heartbeats. Answers how to let go. */
export function holdBySession(options: HoldOptions): () => Promise<void> {
  const { server, tls, opener, book, everyMs, notices, log } = options;
  const session = openSession({
    servers: [server.client],
    ...(tls === undefined ? {} : { tls }),
    ...(book === undefined ? {} : { book }),
    opener,
    pingEveryMs: everyMs,
    onEvent: tell,
    log,
  });
  const where = nameOf(server.client);

  function tell(event: SessionEvent): void {
    switch (event.kind) {
      case 'connected':
        return notices.stands(`session with ${where} stands`);
      case 'alive':
        return notices.stands(`${where} answers heartbeats again`);
      case 'silent':
        return notices.fellSilent(
          `${missesMax} heartbeats in a row unanswered by ${where}, each for ${heartbeatTimeoutMs} ms`,
        );
      case 'closed':
        // What we gave up ourselves was silent before, and was told so.
        if (event.fault.reason === 'timeout') return notices.fellSilent(event.fault.detail);
        return notices.broke(event.fault.detail);
      case 'attempt-failed':
        return log.debug({ server: server.id, ...event.fault }, 'a sensor found no session');
    }
  }

  return () => session.close();
}
