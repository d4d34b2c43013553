import type { Silence } from '../../../src/model/silence.ts';
import { type SilenceStore, silencesMax } from '../../../src/ports/silence-store.ts';

/** Silences kept in this process: what the Redis store does. */
export function createMemorySilenceStore(): SilenceStore {
  let lastId = 0;
  const kept = new Map<number, Silence>();
  const keys = new Map<string, number>();

  const over = ({ endMs, ended }: Silence): number => Math.min(endMs, ended?.atMs ?? endMs);

  return {
    add(silence, nowMs, key) {
      const known = key === undefined ? undefined : kept.get(keys.get(key) ?? 0);
      if (known !== undefined) return Promise.resolve(structuredClone(known));
      if (kept.size >= silencesMax) {
        const gone = [...kept.values()]
          .filter((each) => over(each) <= nowMs)
          .sort((a, b) => over(a) - over(b))[0];
        if (gone === undefined) return Promise.resolve('full');
        kept.delete(gone.id);
      }
      lastId += 1;
      const added = { ...structuredClone(silence), id: lastId };
      kept.set(lastId, added);
      if (key !== undefined) keys.set(key, lastId);
      return Promise.resolve(structuredClone(added));
    },
    end(id, stamp) {
      const silence = kept.get(id);
      if (silence === undefined) return Promise.resolve(undefined);
      if (silence.ended === undefined) kept.set(id, { ...silence, ended: structuredClone(stamp) });
      return Promise.resolve(structuredClone(kept.get(id)));
    },
    list: () => Promise.resolve(structuredClone([...kept.values()])),
  };
}
