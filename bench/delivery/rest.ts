import { ownEnsemble } from '../../src/model/ensemble.ts';
import { poll } from './poll.ts';
import type { Rig } from './rig.ts';

/** Read from a list of what waits, at most. */
const listedMax = 10_000;

/** What is not told yet. */
export interface Pending {
  /** Incidents that some destination does not show as they are. */
  readonly untold: number;
  /** Incidents that wait at each destination, and `digest` where a storm goes on there. */
  readonly waiting: Readonly<Record<string, string>>;
}

/** Waits until everything is told, at most that long; answers what is left then, and tells meanwhile how far it is. */
export async function comeToRest(
  rig: Rig,
  options: { readonly forMs: number; readonly say: (line: string) => void },
): Promise<Pending | undefined> {
  const meter = setInterval(() => {
    pendingIn(rig).then(
      (pending) => options.say(`coming to rest: ${describe(pending)}`),
      () => undefined,
    );
  }, 10_000);
  try {
    const atRest = await poll(async () => {
      const { untold, waiting } = await pendingIn(rig);
      return (untold === 0 && Object.keys(waiting).length === 0) || undefined;
    }, options.forMs);
    return atRest === true ? undefined : await pendingIn(rig);
  } finally {
    clearInterval(meter);
  }
}

export function describe({ untold, waiting }: Pending): string {
  const places = Object.entries(waiting).map(([id, what]) => `${id} ${what}`);
  return [`${untold} incidents untold`, ...places].join(', ');
}

async function pendingIn(rig: Rig): Promise<Pending> {
  const { incidents, outbox, link } = rig.stores;
  const restless = await Promise.all(
    [...rig.ensembles, ownEnsemble].map(async (id) => (await incidents.restless(id)).length),
  );
  const waiting: Record<string, string> = {};
  for (const id of ['console', ...rig.destinations]) {
    const list = await outbox.queue(id, Number.MAX_SAFE_INTEGER, listedMax);
    const key = link.keys.destination(id).record;
    const record = await link.ask((client) => client.hget(key, 'record'));
    const what = [
      ...(list.waiting.length > 0 ? [`${list.waiting.length} waiting`] : []),
      ...(record?.includes('"digest":') === true ? ['digest'] : []),
      ...(record?.includes('"trouble":') === true ? ['in trouble'] : []),
    ];
    // A trouble is over with the next message that comes through: it may outlast everything else.
    if (what.length > 0 && !(what.length === 1 && what[0] === 'in trouble'))
      waiting[id] = what.join(' and ');
  }
  return { untold: restless.reduce((sum, count) => sum + count, 0), waiting };
}
