import type { SwitchedOff } from '../model/automation.ts';

/** Where what the bot does by itself is switched off, for all replicas and until somebody switches it on again. */
export interface AutomationSwitch {
  /** Switches it off for an ensemble, or for all of them; who did so first stays. */
  off(what: SwitchedOff): Promise<void>;
  /** Switches it on again; false when it was not off there. */
  on(scope: string): Promise<boolean>;
  list(): Promise<readonly SwitchedOff[]>;
}
