import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { assert } from '../../model/errors.ts';

/** The atomic steps: one Lua file each, which opens with its keys, arguments and answers. */
export const steps = [
  'add-silence',
  'allocate-incidents',
  'append-audit',
  'ask-delivery',
  'beat-replica',
  'budget',
  'claim-delivery',
  'commit-incidents',
  'end-silence',
  'hold-ensembles',
  'keep-evidence',
  'leave-destination',
  'leave-replica',
  'link-account',
  'list-open',
  'list-waiting',
  'lock-recovery',
  'note-line',
  'pin-card',
  'release-ensemble',
  'release-lease',
  'remember-look',
  'renew-lease',
  'renew-recovery',
  'ripen-deliveries',
  'save-recovery',
  'settle-delivery',
  'settle-incident',
  'take-quota',
  'tell-sessions',
  'unlink-account',
  'unlock-recovery',
  'write-delivery',
  'write-destination',
] as const;

export type StepName = (typeof steps)[number];

type Step = (...args: readonly (string | number)[]) => Promise<unknown>;

/** Reads the Lua files; they lie beside this file, in the sources and in the build. */
function readSteps(): ReadonlyMap<StepName, string> {
  return new Map(
    steps.map((name) => [
      name,
      readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8'),
    ]),
  );
}

/** Teaches a client the steps. It sends the hash of a script, and the whole script when Redis does not know it (any more). */
export function defineSteps(client: Redis): void {
  for (const [name, lua] of readSteps()) client.defineCommand(name, { lua });
}

/** Runs one step. */
export function runStep(
  client: Redis,
  name: StepName,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const step = (client as unknown as Partial<Record<StepName, Step>>)[name];
  assert(typeof step === 'function', `the client knows the step ${name}`);
  return step.call(client, keys.length, ...keys, ...args);
}
