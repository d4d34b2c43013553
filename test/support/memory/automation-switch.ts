import type { SwitchedOff } from '../../../src/model/automation.ts';
import type { AutomationSwitch } from '../../../src/ports/automation-switch.ts';

/** Where automation is switched off, kept in this process. */
export function createMemoryAutomationSwitch(): AutomationSwitch {
  const all = new Map<string, SwitchedOff>();
  return {
    off(what) {
      if (!all.has(what.scope)) all.set(what.scope, what);
      return Promise.resolve();
    },
    on: (scope) => Promise.resolve(all.delete(scope)),
    list: () => Promise.resolve([...all.values()]),
  };
}
