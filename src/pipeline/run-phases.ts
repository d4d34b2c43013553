import type { Phase, PhaseRecord } from '../model/phase.ts';
import { outputCharsMax, type Recovery } from '../model/recovery.ts';
import type { Phased, Seen } from '../model/recovery-action.ts';
import { refuse } from '../model/refusal.ts';
import { stopOf } from './abort-recovery.ts';
import { goodLooksNeeded, verifyEveryMs } from './await-verified.ts';
import { giveOrder, limitMsOf } from './give-order.ts';
import type { House } from './house.ts';
import { inquire, outputOf } from './inquire.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { askGuard, type Plan } from './recovery-plan.ts';
import { advance, finish, type Outcome, tell, unlessConflict } from './recovery-progress.ts';
import { saveEvidence } from './save-evidence.ts';
import { hidden, signedBy } from './sign-order.ts';

/** What a sequence of orders needs to be worked on. */
interface Work {
  readonly house: House;
  readonly members: Members;
  readonly plan: Plan;
  readonly phased: Phased;
}

/**
 * Gives one order after the other, each once the one before has shown its effect. An order that a process had given when it died is
 * looked at, and never given again. Where one fails, what can be taken back safely is taken back, in the same way.
 */
export async function runPhases(
  house: House,
  members: Members,
  plan: Plan,
  found: Recovery,
): Promise<void> {
  const { phased } = plan.action;
  if (phased === undefined) return;
  const work: Work = { house, members, plan, phased };
  const isBegun = (found.phases ?? []).some(({ state }) => state !== 'planned');
  let recovery = isBegun ? await takenUp(work, found) : await begin(work, found);
  for (;;) {
    if (recovery === undefined) return;
    const next = (recovery.phases ?? []).findIndex(
      ({ state }) => state === 'planned' || state === 'running',
    );
    if (next < 0) return await end(house, recovery);
    recovery = await takePhase(work, recovery, next);
  }
}

/** Asks the guard a last time and writes down what will be done, before anything is. */
async function begin(
  { house, members, plan }: Work,
  found: Recovery,
): Promise<Recovery | undefined> {
  const { verdict, phases } = await askGuard(house, members, plan, found.id);
  const guards = [...found.guards, { atMs: house.clock.now(), at: 'run' as const, verdict }];
  if (verdict.kind !== 'allow' || phases === undefined) {
    const refusal = refuse(verdict.kind === 'allow' ? 'blind' : verdict.code, verdict.facts);
    await finish(house, { ...found, guards }, 'refused', refusal);
    return undefined;
  }
  const evidence = await saveEvidence(house, plan, found);
  const running = await advance(house, found, {
    guards,
    state: 'running',
    startedMs: house.clock.now(),
    phases: phases.map((phase) => ({ ...phase, state: 'planned' })),
    ...(evidence ? { evidence: true } : {}),
  }).catch(unlessConflict);
  // Somebody stopped it in this moment: nothing was done.
  if (running !== undefined) await tell(house, running, 'running');
  return running;
}

/**
 * After a crash, what the next order builds on must still be as it was left: a server is not started empty where nobody leads any more.
 * An order that was in hand is examined by itself.
 */
async function takenUp(work: Work, found: Recovery): Promise<Recovery> {
  const { phases = [] } = found;
  const at = phases.findIndex(({ state }) => state === 'planned' || state === 'running');
  const last = phases[at - 1];
  const isExamined = phases[at]?.state !== 'planned' || found.outcome !== undefined;
  if (last === undefined || isExamined) return found;
  if ((await awaitEffect(work, last, 1, undefined)) === 'yes') return found;
  const facts = { server: work.plan.server.id, phase: last.name, at };
  const outcome = { code: 'not-as-left', facts };
  return await takeBack(work, { ...found, outcome }, phases.slice(0, at));
}

/** All orders are given: it worked, unless one failed or somebody stopped it; then what was done may have been taken back. */
async function end(house: House, recovery: Recovery): Promise<void> {
  if (recovery.outcome === undefined) return await finish(house, recovery, 'succeeded', undefined);
  const { code, facts } = recovery.outcome;
  const undone = (recovery.phases ?? []).some(
    ({ isUndo, state }) => isUndo === true && state === 'done',
  );
  await finish(house, recovery, 'failed', { code, facts: { ...facts, undone } });
}

async function takePhase(
  work: Work,
  recovery: Recovery,
  at: number,
): Promise<Recovery | undefined> {
  const { house } = work;
  const phase = recovery.phases?.[at];
  if (phase === undefined) return undefined;
  if (phase.state === 'running') return await settle(work, recovery, at, { isExamined: true });
  const stopped = phase.isUndo === true ? undefined : await stopOf(house, recovery);
  if (stopped !== undefined) return await stopBefore(work, recovery, at, stopped);
  const started = await advance(house, recovery, {
    phases: changed(recovery, at, { state: 'running', startedMs: house.clock.now() }),
  });
  await tell(house, started, 'running');
  const { output, wrong, isOver } = await give(work, started, phase);
  const printed = { ...started, output: joined(recovery.output, output) };
  if (isOver && wrong !== undefined) return await fail(work, printed, at, wrong);
  return await settle(work, printed, at, wrong === undefined ? { output } : { wrong, output });
}

/** Waits for the effect of an order; without one in time it has failed. */
async function settle(
  work: Work,
  recovery: Recovery,
  at: number,
  end: { readonly wrong?: Outcome; readonly output?: string; readonly isExamined?: boolean },
): Promise<Recovery | undefined> {
  const { house, phased, plan } = work;
  const phase = recovery.phases?.[at];
  if (phase === undefined) return undefined;
  const isLast = at === (recovery.phases?.length ?? 0) - 1;
  const looks =
    isLast && phase.probe === undefined && phase.name !== 'command' ? goodLooksNeeded : 1;
  const answer = await awaitEffect(work, phase, looks, end.output);
  if (answer === 'yes') {
    const done = { state: 'done' as const, finishedMs: house.clock.now() };
    if (phase.name === 'reconfigure') work.members.forget();
    return await advance(house, recovery, { ...recovery, phases: changed(recovery, at, done) });
  }
  const told = end.output === undefined ? undefined : phased.explain?.(phase, end.output);
  const code =
    told ?? end.wrong?.code ?? (end.isExamined === true ? 'outcome-unknown' : `no-${phase.name}`);
  const facts = { ...end.wrong?.facts, server: plan.server.id };
  return await fail(work, recovery, at, { code, facts });
}

/** Looks until the effect shows itself, several times in a row where servers tend to come and go. */
async function awaitEffect(
  work: Work,
  phase: PhaseRecord,
  looks: number,
  output: string | undefined,
): Promise<'yes' | 'no'> {
  const { house, phased, plan } = work;
  const deadlineMs = house.clock.now() + phased.checkMs(phase, plan.settings);
  let good = 0;
  for (;;) {
    const answer = phased.check(phase, await effectNow(work, phase, output));
    good = answer === 'yes' ? good + 1 : 0;
    if (good >= looks) return 'yes';
    if (answer === 'no' || house.clock.now() >= deadlineMs) return 'no';
    await house.clock.sleep(verifyEveryMs);
  }
}

/** The servers as they are now. Asked four times a second: what else is going on in the ensemble is not read for it. */
async function lookNow({ house, members, plan, phased }: Work): Promise<Seen> {
  const { server, settings } = plan;
  const ensemble = await members.of(settings);
  const { view } = await look(house, settings, ensemble, []);
  return await inquire(house, plan, phased, { ensemble, view, server });
}

/** With what the order printed, or what shows its effect on the machine. */
async function effectNow(work: Work, { probe }: Phase, printed: string | undefined): Promise<Seen> {
  const { house, plan } = work;
  const seen = await lookNow(work);
  const output = probe === undefined ? printed : await outputOf(house, plan, plan.server, probe);
  return { ...seen, ...(typeof output === 'string' ? { output } : {}) };
}

/** Somebody stops it: what is left is not done, and what was done is taken back where that is safe. */
async function stopBefore(
  work: Work,
  recovery: Recovery,
  at: number,
  { code, facts }: Outcome,
): Promise<Recovery> {
  const { phases = [] } = recovery;
  const outcome = { code, facts: { ...facts, orders: true, done: at, total: phases.length } };
  return await takeBack(work, { ...recovery, outcome }, phases.slice(0, at));
}

/** Ends the sequence where it stands, and plans how to take back what can be. One that takes back itself ends all. */
async function fail(
  work: Work,
  recovery: Recovery,
  at: number,
  wrong: Outcome,
): Promise<Recovery | undefined> {
  const { house } = work;
  const finishedMs = house.clock.now();
  const phase = recovery.phases?.[at];
  if (phase === undefined) return undefined;
  const taken = changed(recovery, at, { state: 'failed', finishedMs }).slice(0, at + 1);
  const outcome = recovery.outcome ?? {
    code: wrong.code,
    facts: { ...wrong.facts, phase: phase.name, at: at + 1 },
  };
  const ended = { ...recovery, outcome };
  return phase.isUndo === true
    ? await advance(house, ended, { ...ended, phases: taken })
    : await takeBack(work, ended, taken);
}

/** Plans what takes back the orders that were given, and writes it down before any of it is done. */
async function takeBack(
  work: Work,
  recovery: Recovery,
  taken: readonly PhaseRecord[],
): Promise<Recovery> {
  const { house, phased } = work;
  const undo = phased.undo(taken, await lookNow(work));
  const phases = [
    ...taken,
    ...undo.map((each): PhaseRecord => ({ ...each, state: 'planned', isUndo: true })),
  ];
  return await advance(house, recovery, { ...recovery, phases });
}

/** Gives one order, and says what came of it. */
async function give(
  { house, plan, members }: Work,
  recovery: Recovery,
  phase: Phase,
): Promise<{ readonly output: string; readonly wrong?: Outcome; readonly isOver: boolean }> {
  const { settings } = plan;
  const { servers } = await members.of(settings);
  const server = servers.find((each) => each.id === phase.server) ?? plan.server;
  const secret = phase.name === 'reconfigure' ? settings.tools?.zkAuth : undefined;
  const order = signedBy(phase.order, secret);
  const run = await giveOrder(house, plan, recovery, server, order);
  const { kind, why, exitCode, tookMs } = run;
  house.log.info(
    {
      recovery: recovery.id,
      server: phase.server,
      phase: phase.name,
      outcome: kind,
      exitCode,
      tookMs,
    },
    'order of a recovery ended',
  );
  const output = hidden(run.output, secret).slice(-outputCharsMax);
  if (kind === 'done') return { output, isOver: false };
  const facts = { exitCode: exitCode ?? -1, timeoutMs: limitMsOf(plan, order) };
  // What a reconfiguration did is asked of the members, whatever the program says of itself.
  const asksItself = phase.name === 'command';
  const isOver =
    asksItself || kind === 'unavailable' || (kind === 'failed' && phase.name !== 'reconfigure');
  const code = asksItself && kind === 'lost' ? 'outcome-unknown' : `executor-${why ?? kind}`;
  return { output, wrong: { code, facts }, isOver };
}

/** The end of what all orders printed. */
function joined(before: string | undefined, output: string): string {
  return [before ?? '', output]
    .filter((text) => text !== '')
    .join('\n')
    .slice(-outputCharsMax);
}

function changed(
  { phases = [] }: Recovery,
  at: number,
  change: Partial<PhaseRecord>,
): readonly PhaseRecord[] {
  return phases.map((phase, index) => (index === at ? { ...phase, ...change } : phase));
}
