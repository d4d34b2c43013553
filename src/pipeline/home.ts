import { ownEnsemble } from '../model/ensemble.ts';
import { type Actor, roleIn } from '../model/person.ts';
import type { Reply, ReplyBlock } from '../model/reply.ts';
import type { Caller } from '../ports/act.ts';
import { incidentCard } from '../rules/card/incident-card.ts';
import { refusalReply } from '../rules/card/refusal-reply.ts';
import { statusOverview } from '../rules/card/status-card.ts';
import { words } from '../rules/card/words/words.ts';
import type { House } from './house.ts';
import { identifyLinked, languageOf } from './identify.ts';
import { refuseStranger } from './refuse-stranger.ts';

/** Incidents on the page of one person; more are counted. A phone shows three of them at once. */
export const homeIncidentsMax = 15;

/** The page of one person: what is open where they have a role, the worst first, and how those ensembles stand. */
export async function homeOf(
  house: Pick<House, 'settings' | 'incidents' | 'ensembles' | 'links' | 'clock' | 'log'>,
  caller: Caller,
): Promise<Reply> {
  const settings = house.settings();
  const actor = await identifyLinked(house, caller);
  const language = languageOf(actor, caller, settings.language);
  const { commands, common } = words(language);
  const ids = ensemblesOf(
    actor,
    settings.ensembles.map(({ id }) => id),
  );
  const entries = await Promise.all(
    ids.map(async (ensemble) => ({
      ensemble,
      status: await house.ensembles.status(ensemble),
      open: await house.incidents.open(ensemble),
    })),
  );
  const own = sees(actor, ownEnsemble) ? await house.incidents.open(ownEnsemble) : [];
  const open = [...entries.flatMap((entry) => entry.open), ...own].toSorted(
    (a, b) => urgency[a.severity] - urgency[b.severity] || b.openedMs - a.openedMs,
  );
  const left = open.length - homeIncidentsMax;
  const cards: readonly ReplyBlock[] = open
    .slice(0, homeIncidentsMax)
    .map((incident) => ({ kind: 'card', card: incidentCard(incident, { language, settings }) }));
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: [
      ...(actor.kind === 'stranger'
        ? refusalReply(refuseStranger(settings, { handle: actor.id }), language).blocks
        : []),
      {
        kind: 'text',
        text: open.length === 0 ? commands.noIncidents : commands.openTitle(open.length),
      },
      ...cards,
      ...(left > 0 ? [{ kind: 'text' as const, text: common.more(left) }] : []),
      ...statusOverview(
        entries.map((entry) => ({ ...entry, open: entry.open.length })),
        { language, nowMs: house.clock.now() },
      ).map(timeless),
    ],
  };
}

/** Without when it was seen, which would be another page every second. */
function timeless(block: ReplyBlock): ReplyBlock {
  if (block.kind !== 'table') return block;
  return {
    ...block,
    head: block.head.slice(0, -1),
    rows: block.rows.map((row) => row.slice(0, -1)),
  };
}

const urgency = { page: 0, warn: 1, info: 2 } as const;

/** Who is not known may read what everybody may read. */
function sees(actor: Actor, ensemble: string): boolean {
  return actor.kind === 'stranger'
    ? ensemble !== ownEnsemble
    : roleIn(actor, ensemble) !== undefined;
}

function ensemblesOf(actor: Actor, all: readonly string[]): readonly string[] {
  return all.filter((id) => sees(actor, id));
}
