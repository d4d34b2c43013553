import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Settings } from '../../model/settings.ts';
import type { Caller } from '../../ports/act.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { networkReason, slackErrorOf } from './failure.ts';

/** How long Slack's word about a person counts: who leaves the company loses their buttons within that time. */
export const knownMs = 15 * 60_000;

/** People remembered; the first known go. */
export const knownMax = 500;

/** How long a click may wait for Slack to say who it was: a modal must be open within three seconds. */
export const lookMs = 1200;

const userSchema = z.object({
  team_id: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  is_email_confirmed: z.boolean().default(false),
  enterprise_user: z.object({ enterprise_id: z.string() }).optional(),
  profile: z.object({ email: z.string().optional() }).default({}),
});

/** The workspace the bot is installed in, as Slack told it of our token. */
export interface Workspace {
  readonly team: string;
  readonly enterprise?: string;
}

/** Who the people in the chat are, as far as Slack can vouch for them. */
export interface People {
  /** Adds the verified e-mail of a person whom the configuration does not name by their member id. */
  know(caller: Caller): Promise<Caller>;
  /** Says which workspace is ours: without it nobody is known by e-mail. */
  setWorkspace(workspace: Workspace): void;
}

export function createPeople(parts: {
  readonly client: webApi.WebClient;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly log: Log;
}): People {
  const { client, settings, clock, log } = parts;
  const known = new Map<string, { readonly email?: string; readonly atMs: number }>();
  let workspace: Workspace | undefined;
  let complained = '';

  async function emailOf(handle: string): Promise<string | undefined> {
    const earlier = known.get(handle);
    if (earlier !== undefined && clock.now() - earlier.atMs < knownMs) return earlier.email;
    try {
      const answer = await client.users.info({ user: handle });
      const email = verifiedEmail(answer.user, workspace);
      known.delete(handle);
      known.set(handle, { atMs: clock.now(), ...(email === undefined ? {} : { email }) });
      const oldest = known.keys().next();
      if (known.size > knownMax && oldest.done !== true) known.delete(oldest.value);
      return email;
    } catch (error) {
      const reason = slackErrorOf(error) ?? networkReason(error);
      if (reason !== complained) log.warn({ reason }, 'slack does not say who somebody is');
      complained = reason;
      return undefined;
    }
  }

  return {
    setWorkspace(ours) {
      workspace = ours;
    },
    async know(caller) {
      const { people } = settings();
      // Asking is worth it only where an e-mail could make somebody known.
      const hasMail = people.some(({ handles }) => handles['email'] !== undefined);
      const isNamed = people.some(({ handles }) => handles['slack'] === caller.handle);
      if (workspace === undefined || isNamed || !hasMail) return caller;
      const email = await emailOf(caller.handle);
      return email === undefined ? caller : { ...caller, email };
    },
  };
}

/**
 * The address that Slack has checked. Only of members of our own workspace: somebody else's administrator may write any address
 * into their own people's profiles, and shared channels bring those people here.
 */
function verifiedEmail(user: unknown, ours: Workspace | undefined): string | undefined {
  const read = userSchema.safeParse(user);
  if (!read.success || ours === undefined) return undefined;
  const { team_id, deleted, is_bot, is_stranger, is_email_confirmed, enterprise_user, profile } =
    read.data;
  const isOurs =
    team_id === ours.team ||
    (ours.enterprise !== undefined && enterprise_user?.enterprise_id === ours.enterprise);
  const isGood = isOurs && is_email_confirmed && !deleted && !is_bot && !is_stranger;
  return isGood ? profile.email : undefined;
}
