import type { Command, Desk } from '../src/ports/command.ts';
import { samplesMax } from '../src/ports/ensemble-store.ts';
import { incidentMarkdown } from '../src/rules/card/incident-export.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findIncident, isRefusal } from './parts/find.ts';

const usage = 'export <incident>';

/** Letters of the text that a chat gets: a message of Slack holds 3000. The terminal, the API and the console get all of it. */
export const chatCharsMax = 2500;

/** Audit entries read for it: an incident older than this many decisions has its timeline still. */
const entriesReadMax = 5000;

/** Ways in that take a text of any length. */
export const wholeText: readonly string[] = ['cli', 'api', 'console'];

/** An incident as Markdown, for a post-mortem. Named with a suffix, since `export` is a word of the language. */
export const exportIncident: Command = {
  name: 'export',
  aliases: ['markdown', '导出'],
  usage,
  role: 'viewer',
  completes: ['incident'],
  async run({ args }, desk) {
    const incident = await findIncident(desk, args, usage);
    if (isRefusal(incident)) return incident;
    const denied = desk.permit('viewer', incident.ensemble);
    if (denied !== undefined) return denied;
    const { server } = incident.subject;
    const [events, recoveries, audit, samples] = await Promise.all([
      desk.events(incident.id),
      desk.recoveries(incident),
      desk.audit(incident.ensemble, entriesReadMax),
      server === undefined ? [] : desk.history(incident.ensemble, server, samplesMax),
    ]);
    const text = incidentMarkdown(
      { incident, events, recoveries, audit, samples },
      { language: desk.language, people: desk.settings.people, nowMs: desk.nowMs },
    );
    const cutShort = !wholeText.includes(desk.origin.via) && text.length > chatCharsMax;
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: cutShort
        ? [
            { kind: 'text', text: whereWhole(desk, incident.id) },
            { kind: 'text', text: cut(text, chatCharsMax) },
          ]
        : [{ kind: 'text', text }],
    };
  },
};

function whereWhole({ language, settings }: Desk, id: number): string {
  const { export: said } = words(language).audit;
  const console = settings.publicUrl?.replace(/\/+$/u, '');
  return console === undefined
    ? said.whole(id)
    : said.wholeAt(`${console}/api/v1/incidents/${id}/export.md`);
}
