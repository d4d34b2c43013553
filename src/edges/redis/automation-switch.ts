import type { SwitchedOff } from '../../model/automation.ts';
import type { AutomationSwitch } from '../../ports/automation-switch.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** Where automation is switched off, in Redis: one field for each ensemble, and one for all. */
export function createAutomationSwitch(redis: RedisLink): AutomationSwitch {
  const key = redis.keys.shared.automationOff;
  return {
    async off(what) {
      await redis.ask((client) => client.hsetnx(key, what.scope, JSON.stringify(what)));
    },
    async on(scope) {
      return (await redis.ask((client) => client.hdel(key, scope))) > 0;
    },
    async list() {
      const all = await redis.ask((client) => client.hgetall(key));
      return Object.entries(all).map(([scope, text]) =>
        readJson<SwitchedOff>(text, `${key} ${scope}`),
      );
    },
  };
}
