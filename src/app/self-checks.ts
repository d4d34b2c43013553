import type { HealthReport } from '../edges/http/health.ts';
import { type Diagnosis, diagnose } from '../model/diagnosis.ts';

/** What the bot knows of itself from looking every second: its sight of each ensemble, and its chats. Redis is examined afresh. */
export function selfChecks(report: HealthReport | undefined): readonly Diagnosis[] {
  return (report?.checks ?? []).flatMap(({ name, ok, detail, ageMs }) => {
    const [kind, about = ''] = name.split(' ');
    if (kind === 'ensemble')
      return [
        ok
          ? diagnose('bot-sees', about)
          : diagnose('bot-blind', about, ageMs === undefined ? { detail } : { ageMs }),
      ];
    if (kind === 'channel')
      return [
        ok ? diagnose('chat-connected', about) : diagnose('chat-away', about, { reason: detail }),
      ];
    return [];
  });
}
