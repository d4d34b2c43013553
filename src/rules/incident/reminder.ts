import type { Incident } from '../../model/incident.ts';
import type { IncidentSettings } from '../../model/settings.ts';

/** What comes next for whoever acknowledged an incident: they are asked whether they still have it, or have not answered in time. */
export function nextReminder(
  incident: Incident,
  { ackReminderMs, ackReminderGraceMs }: IncidentSettings,
): { readonly kind: 'ask' | 'lapse'; readonly atMs: number } | undefined {
  const { state, acknowledged, reminded, unseen, silenced } = incident;
  if (ackReminderMs === 0 || state !== 'acknowledged' || acknowledged === undefined)
    return undefined;
  // Who is asked must be able to know: nobody is blamed for a fault that nobody sees, or that is silenced.
  if (unseen !== undefined || silenced !== undefined) return undefined;
  return reminded === undefined
    ? { kind: 'ask', atMs: acknowledged.atMs + ackReminderMs }
    : { kind: 'lapse', atMs: reminded.atMs + ackReminderGraceMs };
}
