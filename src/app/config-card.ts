import type { House } from '../pipeline/house.ts';
import { relieveOwn, reportOwn } from '../pipeline/own-trouble.ts';

/** The name of the fault in the catalogue of words. */
const configBroken = 'config-broken';

/** The card about a configuration file that cannot be used. */
export interface ConfigCard {
  /** The file is sound: a card about it is over, also one that an earlier process made. */
  sound(): Promise<void>;
  /** The file is broken; `faults` say where, one a line. */
  broken(file: string, faults: readonly string[]): Promise<void>;
  /** Says the present state once more: for a Redis that was away when it changed. */
  again(): void;
}

/** A bot that starts has read a sound file. States are told one after the other, so that an older one never overtakes a newer one. */
export function createConfigCard(house: House): ConfigCard {
  let found: { readonly file: string; readonly faults: readonly string[] } | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function tell(): Promise<void> {
    if (found === undefined) return await relieveOwn(house, configBroken);
    await reportOwn(house, {
      detector: configBroken,
      severity: 'warn',
      facts: { file: found.file, count: found.faults.length },
      evidence: found.faults,
    });
  }

  function inTurn(): Promise<void> {
    const told = turn.then(tell);
    turn = told.catch(() => undefined);
    return told;
  }

  return {
    sound() {
      found = undefined;
      return inTurn();
    },
    broken(file, faults) {
      found = { file, faults };
      return inTurn();
    },
    again() {
      inTurn().catch((error: unknown) =>
        house.log.warn({ err: error }, 'the state of the configuration could not be told'),
      );
    },
  };
}
