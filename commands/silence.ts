import type { Severity } from '../src/model/finding.ts';
import type { Invocation } from '../src/model/invocation.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Form } from '../src/model/reply.ts';
import { type Scope, scopesMeet } from '../src/model/silence.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { scopeWord } from '../src/rules/card/silence-table.ts';
import { bounded, cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { askReason, wantsForm } from './parts/ask-reason.ts';
import { findEnsemble, findIncident, findServer, isRefusal } from './parts/find.ts';
import { readEnd } from './parts/read-end.ts';
import { reasonCharsMax } from './recover.ts';

const usage =
  'silence <ensemble|incident> [server] [detector] [severity] <2h|until 14:00> <reason>';

const severities: Readonly<Record<string, Severity>> = {
  page: 'page',
  紧急: 'page',
  warn: 'warn',
  warning: 'warn',
  警告: 'warn',
  info: 'info',
  提示: 'info',
};

/** Keeps faults from calling anybody for a while, with a reason and an end. */
export const silence: Command = {
  name: 'silence',
  aliases: ['mute', '静默'],
  usage,
  role: 'operator',
  completes: ['ensemble', 'server', 'text'],
  async run(invocation, desk) {
    const read = await readAll(invocation, desk);
    if (isRefusal(read)) return read;
    const denied = desk.permit('operator', read.scope.ensemble ?? '*');
    if (denied !== undefined) return denied;
    const all = words(desk.language);
    const { done } = all.commands;
    const { untilMs } = read;
    if (wantsForm(invocation)) return askReason(invocation, formOf(read, desk));
    if (untilMs === undefined) return refuse('silence-end-missing', { usage });
    const beside = (await desk.silences()).filter(
      ({ scope, freezes }) => freezes !== 'only' && scopesMeet(scope, read.scope),
    );
    const set = await desk.silence({ ...read, untilMs });
    if (isRefusal(set)) return set;
    const lines = [
      done.silence(set.id, scopeWord(set), set.endMs),
      ...bounded(
        beside.map((other) => done.silenceBeside(other.id, scopeWord(other), other.endMs)),
        besideMax,
        all.common.more,
      ),
    ];
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: [{ kind: 'text', text: lines.join('\n') }],
    };
  },
};

/** Other silences of some of the same that an answer names; more are counted. */
const besideMax = 3;

/** Ends that the form offers. */
const presets = ['30m', '2h', '8h', 'tomorrow'] as const;

/** Asks for the reason, and for the end where it was not typed. */
function formOf(read: Asked, desk: Desk): Omit<Form, 'invocation'> {
  const { silenceForm: said } = words(desk.language).commands;
  const { reasonLabel, submit, cancel, danger } = said;
  const rest = { title: said.title(scopeWord(read)), reasonLabel, submit, cancel, danger };
  if (read.untilMs !== undefined) return { ...rest, lines: [said.until(read.untilMs)] };
  const options = presets.map((value) => ({ value, label: said.for[value] }));
  return {
    ...rest,
    lines: [said.about],
    fields: [
      { kind: 'choice', name: 'for', label: said.forLabel, options, chosen: '2h' },
      { kind: 'moment', name: 'until', label: said.untilLabel },
    ],
  };
}

interface Asked {
  readonly scope: Scope;
  /** Undefined where it is asked for in a form. */
  readonly untilMs: number | undefined;
  readonly reason: string;
}

/** Reads the words up to the end as what it covers, and those after it as the reason. */
async function readAll(invocation: Invocation, desk: Desk): Promise<Asked | Refusal> {
  const { options } = invocation;
  const args = invocation.args.flatMap((word, index) =>
    index === 0 && /^[^/]+\/[^/]+$/u.test(word) ? word.split('/') : [word],
  );
  const [what, ...rest] = args;
  if (what === undefined) return refuse('bad-arguments', { usage });
  const start = await readWhat(what, desk);
  if (isRefusal(start)) return start;
  let scope: Scope = start;
  const chosen = [options['until'], options['for']].find((word) => (word ?? '') !== '');
  const asksEnd = chosen !== undefined || wantsForm(invocation);
  for (const [index, word] of rest.entries()) {
    const end = readEnd(rest.slice(index), desk);
    if (end !== undefined) {
      const said = options['reason'] ?? rest.slice(index + end.took).join(' ');
      return { scope, untilMs: end.untilMs, reason: cut(said.trim(), reasonCharsMax) };
    }
    const hasEnd =
      asksEnd || rest.slice(index).some((_, at) => readEnd(rest.slice(index + at), desk));
    if (!hasEnd) return refuse('silence-end-missing', { usage });
    const narrower = await narrow(scope, word, desk);
    if (isRefusal(narrower)) return narrower;
    scope = narrower;
  }
  if (!asksEnd) return refuse('silence-end-missing', { usage });
  const untilMs = chosen === undefined ? undefined : chosenEnd(chosen, desk);
  return { scope, untilMs, reason: cut((options['reason'] ?? '').trim(), reasonCharsMax) };
}

/** The end that a form sends: a moment in ms, or words as they are typed. */
function chosenEnd(chosen: string, desk: Desk): number | undefined {
  return /^\d{12,14}$/u.test(chosen)
    ? Number(chosen)
    : readEnd(chosen.split(/\s+/u), desk)?.untilMs;
}

/** An incident, an ensemble, some ensembles (`orders-*`), or everything. */
async function readWhat(word: string, desk: Desk): Promise<Scope | Refusal> {
  if (['*', 'all', '全部'].includes(word.toLowerCase())) return {};
  if (word.includes('*')) return { ensemble: word.toLowerCase() };
  if (/^[#＃]?\d{1,9}$/u.test(word) && desk.ensemble(word) === undefined) {
    const incident = await findIncident(desk, [word], usage);
    if (isRefusal(incident)) return incident;
    const { subject, detector } = incident;
    return { ...subject, detector };
  }
  const ensemble = findEnsemble(desk, word);
  return isRefusal(ensemble) ? ensemble : { ensemble: ensemble.id };
}

async function narrow(scope: Scope, word: string, desk: Desk): Promise<Scope | Refusal> {
  const name = word.toLowerCase();
  const severity = severities[name];
  if (severity !== undefined) return { ...scope, severity };
  if (Object.hasOwn(words(desk.language).detectors.faults, name))
    return { ...scope, detector: name };
  if (name.includes('*')) return { ...scope, server: name };
  const ensemble = scope.ensemble === undefined ? undefined : desk.ensemble(scope.ensemble);
  if (ensemble === undefined) return { ...scope, server: word };
  const server = await findServer(desk, ensemble, word);
  return isRefusal(server) ? server : { ...scope, server: server.id };
}
