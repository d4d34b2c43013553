import type { IncidentSettings } from '../model/settings.ts';
import type { ParsedConfig } from './schema.ts';

/** How long the parts of an incident's life take, as configured. */
export function lifeOf({ incidents }: ParsedConfig): IncidentSettings {
  const { flap } = incidents;
  return {
    reopenMs: incidents.reopen,
    ackReminderMs: incidents.ackReminder,
    ackReminderGraceMs: incidents.ackReminderGrace,
    unseenAfterMs: incidents.unseenAfter,
    staleAfterMs: incidents.staleAfter,
    flap: { times: flap.times, withinMs: flap.within, quietMs: flap.quiet },
  };
}
