import type { Phase } from '../../model/phase.ts';
import type { RecoveryAction } from '../../model/recovery-action.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import type { NamedCommand } from '../../model/tools.ts';
import { guardBeside } from './others.ts';
import { restartServer, verified } from './restart-server.ts';

/** A program needs no time to have its effect: that it ended well is all the bot can know. */
const noMs = 1;

/** Runs a command that the configuration names, beside a server. What it does, only who wrote it knows. */
export const runNamed: RecoveryAction = {
  name: 'run-command',
  needs: ['exec'],
  guard: (input, nowMs) => {
    const command = commandOf(input.settings, input.argument ?? '');
    return command?.guard === 'quorum'
      ? restartServer.guard(input, nowMs)
      : guardBeside(input, nowMs);
  },
  verified,
  verifyMs: () => noMs,
  phased: {
    asks: 'nobody',
    plan: ({ server, settings, argument = '' }) => {
      const command = commandOf(settings, argument);
      if (command === undefined) return unknownCommand(settings, argument);
      const { argv, timeoutMs } = command;
      const phase: Phase = {
        name: 'command',
        server: server.id,
        order: { kind: 'exec', argv, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
        facts: { server: server.id, command: argument },
      };
      return [phase];
    },
    check: (_phase, now) => (now.output === undefined ? 'not-yet' : 'yes'),
    checkMs: () => noMs,
    undo: () => [],
  },
};

function commandOf({ tools }: EnsembleSettings, name: string): NamedCommand | undefined {
  const commands = tools?.commands ?? {};
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** What there is to choose from, or that there is nothing. */
function unknownCommand({ id, tools }: EnsembleSettings, name: string): Refusal {
  return refuse('unknown-named-command', {
    ensemble: id,
    command: name,
    known: Object.keys(tools?.commands ?? {}),
  });
}
