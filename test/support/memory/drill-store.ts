import type { DrillState } from '../../../src/model/drill.ts';
import type { DrillStore } from '../../../src/ports/drill-store.ts';

/** Keeps drills in this process. */
export function createMemoryDrillStore(): DrillStore {
  const all = new Map<string, DrillState>();
  const change = (id: string, ensemble: string, by: (state: DrillState) => DrillState): boolean => {
    const state = all.get(ensemble);
    if (state?.drill.id !== id) return false;
    all.set(ensemble, structuredClone(by(state)));
    return true;
  };
  return {
    start(drill) {
      all.set(drill.ensemble, { drill, restarts: {} });
      return Promise.resolve();
    },
    get: (ensemble) => Promise.resolve(structuredClone(all.get(ensemble))),
    end({ id, ensemble }, ended) {
      const state = all.get(ensemble);
      if (state?.drill.id === id && state.ended !== undefined) return Promise.resolve(false);
      return Promise.resolve(change(id, ensemble, (state) => ({ ...state, ended })));
    },
    remember({ id, ensemble }, memory) {
      change(id, ensemble, (state) => ({ ...state, memory }));
      return Promise.resolve();
    },
    restarted({ id, ensemble }, server, atMs) {
      change(id, ensemble, (state) => ({
        ...state,
        restarts: { ...state.restarts, [server]: atMs },
      }));
      return Promise.resolve();
    },
  };
}
