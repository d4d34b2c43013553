import { type Ensemble, votersOf } from '../../model/ensemble.ts';
import type { Notice } from '../../model/sample.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Sensors, SensorWatch } from '../../ports/zookeeper.ts';
import { type Canary, startCanary } from './canary.ts';
import { createSocketOpener } from './open-socket.ts';
import type { OwnSessionBooks } from './own-sessions.ts';
import { holdByConnection, srvrEveryMsMin } from './sensor-connection.ts';
import { serverNotices } from './sensor-notices.ts';
import { createPace } from './sensor-pace.ts';
import { holdBySession } from './sensor-session.ts';

/** Heartbeats a process sends per second, over all servers: 500 cost a few percent of a core. */
export const pingsPerSecondDefault = 500;

/** The sensors of this process, and how far its budget of heartbeats is stretched. */
export interface BudgetedSensors extends Sensors {
  /** How many times longer than configured the heartbeat intervals are: 1 while the budget suffices. */
  stretch(): number;
}

export function createSensors(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly ownSessions?: OwnSessionBooks;
  readonly pingsPerSecondMax?: number;
}): BudgetedSensors {
  const { clock, log } = options;
  const pace = createPace(options.pingsPerSecondMax ?? pingsPerSecondDefault);
  const opener = createSocketOpener();

  function watch(
    settings: EnsembleSettings,
    ensemble: Ensemble,
    onNotice: (notice: Notice) => void,
  ): SensorWatch {
    let isClosed = false;
    const tell = (notice: Omit<Notice, 'atMs'>): void => {
      if (isClosed) return;
      try {
        onNotice({ ...notice, atMs: clock.now() });
      } catch (error) {
        log.error({ err: error, ensemble: settings.id }, 'a notice could not be handed on');
      }
    };
    const tls = settings.tls === undefined ? {} : { tls: settings.tls };
    const book =
      options.ownSessions === undefined ? {} : { book: options.ownSessions.book(settings.id) };
    const held = ensemble.servers.map((server) => {
      const notices = serverNotices(server.id, tell);
      const { sessions, pingEveryMs } = settings.sensors;
      const share = pace.join(sessions ? pingEveryMs : Math.max(pingEveryMs, srvrEveryMsMin));
      const hold = sessions ? holdBySession : holdByConnection;
      const letGo = hold({ server, ...tls, ...book, opener, everyMs: share.everyMs, notices, log });
      return { server, notices, share, letGo };
    });
    const voters = votersOf(ensemble);
    const canary: Canary | undefined = settings.sensors.canary
      ? startCanary({
          servers: voters.length > 0 ? voters : ensemble.servers,
          ...tls,
          ...book,
          opener,
          tell,
          clock,
          log,
        })
      : undefined;
    return {
      canary: () => canary?.newest(),
      held: () => held.filter(({ notices }) => notices.isStanding()).map(({ server }) => server.id),
      async close() {
        isClosed = true;
        for (const { share } of held) share.leave();
        await Promise.all([canary?.close(), ...held.map(({ letGo }) => letGo())]);
      },
    };
  }

  return { watch, stretch: pace.stretch };
}
