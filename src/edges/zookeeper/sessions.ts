import type { Server } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import { type SessionSight, sessionPathsMax } from '../../model/session.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Sessions } from '../../ports/sessions.ts';
import { textOfWord } from './four-letter-word.ts';
import { createSocketOpener } from './open-socket.ts';
import { connectionOf } from './parse-cons.ts';
import { ephemeralsOf, isKnownIn } from './parse-dump.ts';
import { parseWchc, parseWchs, watchesListedMax, watchesOf } from './parse-facts.ts';
import { LinkError } from './session-dial.ts';
import { openLink } from './session-link.ts';
import { sessionPassword } from './session-password.ts';
import { nameOf } from './socket-failure.ts';

/** The longest one answer may take. */
const answerMs = 3000;

const opener = createSocketOpener();

/** Looks at sessions by `cons` and `dump`, asked once for each look a person or a recovery needs, and ends them over a session. */
export function createSessions({ clock }: { readonly clock: Clock }): Sessions {
  return {
    async look(settings, servers, session) {
      const parts = await Promise.all(
        servers.map((server) => lookOn(settings, server, session, clock.now())),
      );
      return together(session, parts);
    },
    async end({ tls }, server, session, how) {
      const startedMs = performance.now();
      const done = (kind: 'done' | 'failed' | 'unavailable', output: string) => ({
        kind,
        tookMs: Math.round(performance.now() - startedMs),
        output,
      });
      const where = nameOf(server.client);
      try {
        const link = await openLink({
          server: server.client,
          ...(tls === undefined ? {} : { tls }),
          opener,
          sessionTimeoutMs: keptTimeoutMs,
          handshakeTimeoutMs: answerMs,
          session: { id: session, password: sessionPassword(session) },
        });
        if (how === 'kill') await link.close();
        else link.drop({ reason: 'reset', connected: true, detail: 'dropped' });
        return done(
          'done',
          `${session} was taken up on ${where} and ${how === 'kill' ? 'closed' : 'left'}`,
        );
      } catch (error) {
        if (error instanceof LinkError)
          return done(error.fault.connected ? 'failed' : 'unavailable', error.message);
        if (error instanceof NightkeeperError) return done('failed', error.message);
        throw error;
      }
    },
  };
}

/** What is asked for while a session is taken up: the longest any server grants, so that its client finds it when it comes back. */
const keptTimeoutMs = 40_000;

function word(
  settings: EnsembleSettings,
  server: Server,
  name: string,
): Promise<string | undefined> {
  return textOfWord(settings, server, name, answerMs);
}

interface Part {
  readonly server: string;
  readonly isBlind: boolean;
  readonly stands: boolean;
  readonly connection?: Pick<SessionSight, 'connection' | 'ageMs' | 'timeoutMs'>;
  readonly paths: readonly string[];
  readonly watches?: number;
}

async function lookOn(
  settings: EnsembleSettings,
  server: Server,
  session: string,
  nowMs: number,
): Promise<Part> {
  const [cons, dump] = await Promise.all([
    word(settings, server, 'cons'),
    word(settings, server, 'dump'),
  ]);
  const connection = cons === undefined ? undefined : connectionOf(cons, session, nowMs);
  const watches =
    connection === undefined ? undefined : await watchesHere(settings, server, session);
  return {
    server: server.id,
    // A server that does not serve says neither, in words of its own.
    isBlind: dump === undefined || cons === undefined || !dump.startsWith('SessionTracker dump'),
    stands: connection !== undefined || (dump !== undefined && isKnownIn(dump, session)),
    ...(connection === undefined ? {} : { connection }),
    paths: dump === undefined ? [] : ephemeralsOf(dump, session),
    ...(watches === undefined ? {} : { watches }),
  };
}

async function watchesHere(
  settings: EnsembleSettings,
  server: Server,
  session: string,
): Promise<number | undefined> {
  const all = parseWchs((await word(settings, server, 'wchs')) ?? '', 0)?.total;
  if (all === undefined || all > watchesListedMax) return undefined;
  // The server says nothing where there are none.
  if (all === 0) return 0;
  const listed = await word(settings, server, 'wchc');
  if (listed === undefined || parseWchc(listed, 0) === undefined) return undefined;
  return watchesOf(listed, session);
}

function together(id: string, parts: readonly Part[]): SessionSight {
  const there = parts.find(({ connection }) => connection !== undefined);
  const paths = [...new Set(parts.flatMap((part) => part.paths))].toSorted();
  return {
    id,
    stands: parts.some(({ stands }) => stands),
    ...(there === undefined ? {} : { server: there.server, ...there.connection }),
    ephemerals: paths.length,
    paths: paths.slice(0, sessionPathsMax),
    ...(there?.watches === undefined ? {} : { watches: there.watches }),
    blind: parts.filter(({ isBlind }) => isBlind).map(({ server }) => server),
  };
}
