import { randomUUID } from 'node:crypto';
import type { ServerId } from '../../model/ensemble.ts';
import type { Survey } from '../../model/survey.ts';
import { type EnsembleStore, surveyKeptMs } from '../../ports/ensemble-store.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** Keeps the slow facts of servers in Redis: one hash per ensemble, a few kilobytes for each server. */
export function keepsSurveys(redis: RedisLink): Pick<EnsembleStore, 'saveSurvey' | 'claimSurvey'> {
  const { keys } = redis;
  return {
    async saveSurvey(id, survey) {
      const key = keys.ensemble(id).surveys;
      await redis.ask((client) =>
        client
          .multi()
          .hset(key, survey.server, JSON.stringify(survey))
          .pexpire(key, surveyKeptMs)
          .exec(),
      );
    },
    async claimSurvey(id, forMs) {
      const key = keys.ensemble(id).surveying;
      const token = randomUUID();
      const taken = await redis.ask((client) => client.set(key, token, 'PX', forMs, 'NX'));
      if (taken !== 'OK') return undefined;
      return async () => {
        await redis.step('release-lease', [key], [token]);
      };
    },
  };
}

/** Those of the servers asked for: one that left the ensemble is no longer of interest. */
export function surveysIn(
  value: unknown,
  servers: readonly ServerId[],
  key: string,
): Readonly<Record<ServerId, Survey>> {
  const texts = (value ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(
    servers.flatMap((server) => {
      const text = Object.hasOwn(texts, server) ? texts[server] : undefined;
      const known = text === undefined ? undefined : surveyIn(text, `${key} ${server}`);
      return known === undefined ? [] : [[server, known]];
    }),
  );
}

/** One that nobody can read is asked for again soon, and must not blind the look meanwhile. */
function surveyIn(text: string, key: string): Survey | undefined {
  try {
    return readJson<Survey>(text, key);
  } catch {
    return undefined;
  }
}
