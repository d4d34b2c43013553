import type { Button } from '../../model/card.ts';
import { ownEnsemble } from '../../model/ensemble.ts';
import { type Incident, isOpen } from '../../model/incident.ts';
import { recoveryCard } from '../../model/recovery-card.ts';
import type { Settings } from '../../model/settings.ts';
import { silenceCard } from '../../model/silence.ts';
import { metricOf } from './chart-metric.ts';
import type { Words } from './words/words.ts';

/** Detectors whose fault a restart of their server may end. */
const restartable: readonly string[] = ['member-down', 'member-hung', 'member-not-serving'];

/** What is in reach: take it, call more people, restart. */
export function buttonsOf(incident: Incident, settings: Settings, all: Words): readonly Button[] {
  if (!isOpen(incident)) return [];
  if (incident.detector === silenceCard) return [];
  const agreement = [...agreementButtons(incident, all), ...stopButton(incident, all)];
  if (incident.detector === recoveryCard) return agreement;
  const id = String(incident.id);
  const { buttons: labels, escalateConfirm } = all.card;
  const acknowledge: Button = {
    id: 'ack',
    label: labels.acknowledge,
    style: 'primary',
    invocation: { command: 'ack', args: [id], options: {} },
  };
  const escalate: Button = {
    id: 'escalate',
    label: labels.escalate,
    style: 'plain',
    invocation: { command: 'escalate', args: [id], options: {} },
    confirm: { ...escalateConfirm, text: escalateConfirm.text(incident.id) },
  };
  return [
    ...(incident.reminded === undefined
      ? incident.state === 'acknowledged'
        ? []
        : [acknowledge]
      : [{ ...acknowledge, label: labels.stillOnIt }]),
    escalate,
    ...agreement,
    ...(isPending(incident) ? [] : restart(incident, settings, all)),
  ];
}

/** Agree or reject, while a recovery waits for others. */
function agreementButtons({ recovery }: Incident, { approval }: Words): readonly Button[] {
  if (recovery?.state !== 'awaiting') return [];
  return [
    {
      id: 'approve',
      label: approval.approve,
      style: 'danger',
      invocation: { command: 'approve', args: [recovery.id], options: {} },
      form: 'restart',
    },
    {
      id: 'reject',
      label: approval.reject,
      style: 'plain',
      invocation: { command: 'reject', args: [recovery.id], options: { ask: 'yes' } },
      form: 'reason',
    },
  ];
}

function isPending({ recovery }: Incident): boolean {
  return recovery?.state === 'awaiting' || recovery?.state === 'running';
}

/** Stop what is to come, with one press; or what takes one server after the other, with a reason. */
function stopButton({ recovery, detector }: Incident, { automation }: Words): readonly Button[] {
  if (recovery === undefined) return [];
  const invocation = { command: 'abort', args: [recovery.id], options: {} };
  if (recovery.state === 'scheduled')
    return [{ id: 'stop', label: automation.stop, style: 'danger', invocation }];
  const runs = recovery.state === 'running' || recovery.state === 'verifying';
  const takesMany = recovery.progress !== undefined || detector === recoveryCard;
  if (!runs || !takesMany || recovery.stopping !== undefined) return [];
  return [
    {
      id: 'stop',
      label: automation.stopRunning,
      style: 'danger',
      invocation: { ...invocation, options: { ask: 'yes' } },
      form: 'reason',
    },
  ];
}

/** Restart, where a restart may end the fault, the bot has a way to do it, and none is under way. */
function restart(incident: Incident, settings: Settings, all: Words): readonly Button[] {
  const { server } = incident.subject;
  const ensemble = settings.ensembles.find((each) => each.id === incident.ensemble);
  const underWay =
    incident.recovery?.state === 'running' || incident.recovery?.state === 'verifying';
  if (server === undefined || !restartable.includes(incident.detector)) return [];
  if (ensemble?.restart === undefined || underWay) return [];
  return [
    {
      id: 'restart',
      label: all.card.buttons.restart(server),
      style: 'danger',
      invocation: {
        command: 'recover',
        args: ['restart-server', incident.ensemble, server],
        options: { incident: String(incident.id) },
      },
      form: 'restart',
    },
  ];
}

/** Peace for a while, with a reason; or the end of it. */
function silence(incident: Incident, all: Words): readonly Button[] {
  const { buttons: labels } = all.card;
  const mute = incident.silenced?.silence ?? incident.facts['silence'];
  if (mute !== undefined && (incident.silenced ?? incident.detector === silenceCard))
    return [
      {
        id: 'unsilence',
        label: labels.unsilence,
        style: 'plain',
        invocation: { command: 'unsilence', args: [String(mute)], options: {} },
      },
    ];
  return [
    {
      id: 'silence',
      label: labels.silence,
      style: 'plain',
      invocation: { command: 'silence', args: [`#${incident.id}`], options: { ask: 'yes' } },
      form: 'reason',
    },
  ];
}

/** The figure the fault speaks of; where it speaks of none, what clients feel. */
function chartOf({ detector, facts }: Incident): string {
  return metricOf(detector, facts)?.name ?? 'latency';
}

/** The rest, for the overflow menu. */
export function moreButtonsOf(incident: Incident, all: Words): readonly Button[] {
  if (!isOpen(incident)) return [];
  const id = String(incident.id);
  const unacknowledge: Button = {
    id: 'unack',
    label: all.card.buttons.unacknowledge,
    style: 'plain',
    invocation: { command: 'unack', args: [id], options: {} },
  };
  const timeline: Button = {
    id: 'show',
    label: all.card.buttons.timeline,
    style: 'plain',
    invocation: { command: 'show', args: [id], options: {} },
  };
  const resolve: Button = {
    id: 'resolve',
    label: all.card.buttons.resolve,
    style: 'plain',
    invocation: { command: 'resolve', args: [id], options: { ask: 'yes' } },
    form: 'reason',
  };
  // The bot has no figures of its own to draw.
  const chart: readonly Button[] =
    incident.ensemble === ownEnsemble
      ? []
      : [
          {
            id: 'chart',
            label: all.card.buttons.chart,
            style: 'plain',
            invocation: { command: 'chart', args: [`#${id}`, chartOf(incident)], options: {} },
          },
        ];
  const note: Button = {
    id: 'note',
    label: all.card.buttons.note,
    style: 'plain',
    invocation: { command: 'note', args: [id], options: { ask: 'yes' } },
    form: 'reason',
  };
  return [
    ...silence(incident, all),
    // The bot ends what it sees: only of what it does not see may a person know more.
    ...(incident.unseen === undefined ? [] : [resolve]),
    ...(incident.state === 'acknowledged' || incident.joined !== undefined ? [unacknowledge] : []),
    note,
    ...chart,
    timeline,
  ];
}
