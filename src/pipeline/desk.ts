import { type EnsembleId, ownEnsemble } from '../model/ensemble.ts';
import { type Incident, type IncidentId, isOpen, type Stamp } from '../model/incident.ts';
import type { Intent } from '../model/incident-event.ts';
import type { Origin } from '../model/invocation.ts';
import { covers, implicitLocalPerson, type Language, type Role, roleIn } from '../model/person.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import { silenceCard } from '../model/silence.ts';
import type { Desk } from '../ports/command.ts';
import { recoveriesMax } from '../ports/recovery-store.ts';
import { acknowledgersFor, escalationFor } from '../rules/routing/routes.ts';
import { isActive } from '../rules/routing/silences.ts';
import { applyChange } from './apply.ts';
import { backupsDesk } from './ask-for-backup.ts';
import { nextCalled, onCallNow } from './call-people.ts';
import { unasked } from './desk-automation.ts';
import { endSilence, setSilence } from './desk-silences.ts';
import type { House } from './house.ts';
import { unlinkAccount } from './link-account.ts';
import { notify } from './notify.ts';
import { paint } from './paint.ts';
import type { Recoverer } from './recover.ts';
import { refuseStranger } from './refuse-stranger.ts';
import { postTest, pressTest, testRound } from './test-cards.ts';

/** What a command may see and do on behalf of one actor. */
export function createDesk(
  house: House,
  recoverer: Recoverer,
  who: { readonly origin: Origin; readonly language: Language },
): Desk {
  const settings = house.settings();
  const { actor, via } = who.origin;
  const stamp = (): Stamp => ({
    by: actor.id,
    name: actor.name,
    via,
    atMs: house.clock.now(),
  });
  return {
    ...who,
    settings,
    nowMs: house.clock.now(),
    commands: house.commands,
    ensemble: (id) => settings.ensembles.find((each) => each.id === id),
    status: (id) => house.ensembles.status(id),
    person: (id) => settings.people.find((each) => each.id === id),
    permit: (role, ensemble) => permit(house, who.origin, role, ensemble),
    incident: (id) => house.incidents.get(id),
    openIncidents: (ensemble) => collect(house, ensemble, (id) => house.incidents.open(id)),
    recentIncidents: async (ensemble, limit) =>
      (await collect(house, ensemble, (id) => house.incidents.recent(id, limit)))
        .toSorted((a, b) => b.openedMs - a.openedMs)
        .slice(0, limit),
    events: (id) => house.incidents.events(id),
    audit: (ensemble, limit) => house.incidents.audited(ensemble, limit),
    recoveries: async ({ id, ensemble }) =>
      (await house.recoveries.recent(ensemble, recoveriesMax))
        .filter((recovery) => recovery.incident === id)
        .toReversed(),
    trends: (ensemble, servers) => house.ensembles.trends(ensemble, servers),
    paint: (name, svg, alt) => paint(house, name, svg, alt),
    history: (ensemble, server, limit) => house.ensembles.history(ensemble, server, limit),
    acknowledge: (id) => acknowledge(house, id, stamp()),
    unacknowledge: (id) => change(house, id, { kind: 'unacknowledge', stamp: stamp() }),
    note: (id, text) => change(house, id, { kind: 'note', stamp: stamp(), text }),
    resolve: (id, reason) => resolve(house, id, stamp(), reason),
    silence: (request) => setSilence(house, request, stamp()),
    unsilence: (id) => endSilence(house, id, stamp()),
    silences: async () =>
      (await house.silences.list()).filter((each) => isActive(each, house.clock.now())),
    nextTime: (pattern, afterMs) =>
      house.timetable.next(pattern, settings.timeZone ?? 'UTC', afterMs),
    ...backupsDesk(house, stamp),
    escalate: (id, fromStep) => escalateNow(house, id, stamp(), fromStep),
    onCall: () => onCallNow(house),
    linkedAccounts: () => house.links.list(),
    unlinkAccount: (viaThere, handle) => unlinkAccount(house, `${viaThere}:${handle}`, stamp()),
    previewRecovery: (action, ensemble, server, argument) =>
      recoverer.preview(action, ensemble, server, argument),
    examine: (id) => house.doctor.examine(id),
    testMail: (to) => house.doctor.testMail(to, who.language),
    postTest: (destination) => postTest(house, destination),
    testRound: (id) => testRound(house, id),
    pressTest: (id) => pressTest(house, id, { actor, via }),
    recovery: (id) => recoverer.find(id),
    evidence: ({ ensemble, id }) => house.recoveries.evidence(ensemble, id),
    previewApproval: (id) => recoverer.previewApproval(id),
    approve: (id, reason) => recoverer.approve(id, { ...stamp(), reason }),
    reject: (id, reason) => recoverer.reject(id, { ...stamp(), reason }),
    abort: (id, reason) => recoverer.abort(id, { ...stamp(), reason }),
    ...unasked(house, stamp),
    requestRecovery: (request) => recoverer.request(request, stamp()),
  };
}

function permit(
  house: House,
  origin: Origin,
  role: Role,
  ensemble: EnsembleId,
): Refusal | undefined {
  const { actor } = origin;
  if (covers(roleIn(actor, ensemble), role)) return undefined;
  if (actor.kind === 'stranger')
    return refuseStranger(house.settings(), { handle: actor.id, ensemble });
  const who = house
    .settings()
    .people.filter(
      (person) => person !== implicitLocalPerson && covers(roleIn(person, ensemble), role),
    )
    .map((person) => person.name);
  return refuse('not-permitted', {
    ensemble,
    role,
    has: roleIn(actor, ensemble) ?? '',
    who: who.slice(0, 5),
  });
}

async function change(house: House, id: IncidentId, intent: Intent): Promise<Incident | Refusal> {
  const done = await applyChange(house, id, intent);
  if (done.kind === 'refusal') return done;
  if (done.incident === undefined) return refuse('unknown-incident', { incident: id });
  if (done.kind === 'applied') await notify(house, [done.incident]);
  return done.incident;
}

/** As many people as its routes ask for must have it. */
async function acknowledge(
  house: House,
  id: IncidentId,
  stamp: Stamp,
): Promise<Incident | Refusal> {
  const incident = await house.incidents.get(id);
  if (incident === undefined) return refuse('unknown-incident', { incident: id });
  const needed = acknowledgersFor(house.settings(), incident);
  return await change(house, id, { kind: 'acknowledge', stamp, needed });
}

/** What the last look still saw would come back with the next one, as a new card: that is said instead. */
async function resolve(
  house: House,
  id: IncidentId,
  stamp: Stamp,
  reason: string,
): Promise<Incident | Refusal> {
  const incident = await house.incidents.get(id);
  if (incident === undefined) return refuse('unknown-incident', { incident: id });
  if (incident.detector === silenceCard) {
    const ended = await endSilence(house, Number(incident.facts['silence']), stamp);
    return 'code' in ended ? ended : ((await house.incidents.get(id)) ?? incident);
  }
  const { memory } = await house.ensembles.recall(incident.ensemble, [], 0);
  const isSeen =
    incident.unseen === undefined &&
    memory.firingSince[incident.fingerprint] !== undefined &&
    memory.unseenSince?.[incident.fingerprint] === undefined;
  if (isOpen(incident) && isSeen) return refuse('still-firing', { incident: id });
  return await change(house, id, { kind: 'resolve', grid: incident.grid, stamp, reason });
}

async function escalateNow(
  house: House,
  id: IncidentId,
  stamp: Stamp,
  fromStep: number | undefined,
): Promise<Incident | Refusal> {
  const incident = await house.incidents.get(id);
  if (incident === undefined) return refuse('unknown-incident', { incident: id });
  const steps = escalationFor(house.settings(), incident, house.clock.now());
  const { step, to, gaps } = await nextCalled(house, incident, steps);
  return await change(house, id, {
    kind: 'escalate',
    stamp,
    step,
    to,
    gaps,
    fromStep: fromStep ?? incident.escalationStep,
  });
}

/** Of one ensemble, or of all of them. */
async function collect(
  house: House,
  ensemble: EnsembleId | undefined,
  read: (id: EnsembleId) => Promise<readonly Incident[]>,
): Promise<readonly Incident[]> {
  const ids =
    ensemble === undefined
      ? [...house.settings().ensembles.map((each) => each.id), ownEnsemble]
      : [ensemble];
  return (await Promise.all(ids.map(read))).flat();
}
