import type { Stamp } from '../../model/incident.ts';
import type { Silence, SilenceId } from '../../model/silence.ts';
import { type SilenceStore, silencesMax } from '../../ports/silence-store.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** Keeps silences in Redis. */
export function createSilenceStore(redis: RedisLink): SilenceStore {
  const { shared } = redis.keys;

  async function list(): Promise<readonly Silence[]> {
    const [silences, ended] = await redis.ask((client) =>
      Promise.all([client.hgetall(shared.silences), client.hgetall(shared.silencesEnded)]),
    );
    return Object.entries(silences)
      .map(([id, text]) => read(Number(id), text, ended[id]))
      .sort((a, b) => a.id - b.id);
  }

  function read(id: SilenceId, text: string, ended: string | undefined): Silence {
    const at = `${shared.silences} ${id}`;
    const silence = { ...readJson<Omit<Silence, 'id'>>(text, at), id };
    return ended === undefined ? silence : { ...silence, ended: readJson<Stamp>(ended, at) };
  }

  return {
    list,
    async add(silence, nowMs, key) {
      const id = Number(
        await redis.step(
          'add-silence',
          [
            shared.silenceNumber,
            shared.silences,
            shared.silenceEnds,
            shared.silencesEnded,
            `${shared.silenceKeys}${key ?? ''}`,
          ],
          [
            JSON.stringify(silence),
            silence.endMs,
            nowMs,
            silencesMax,
            key === undefined ? '0' : '1',
          ],
        ),
      );
      if (id === 0) return 'full';
      // With a key it may be an earlier one that somebody has ended since.
      const kept = key === undefined ? undefined : (await list()).find((each) => each.id === id);
      return kept ?? { ...silence, id };
    },
    async end(id, stamp) {
      const found = await redis.step(
        'end-silence',
        [shared.silences, shared.silenceEnds, shared.silencesEnded],
        [id, JSON.stringify(stamp), stamp.atMs],
      );
      return found === 1 ? (await list()).find((each) => each.id === id) : undefined;
    },
  };
}
