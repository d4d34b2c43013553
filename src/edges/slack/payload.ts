import { z } from 'zod';
import type { Caller } from '../../ports/act.ts';

const userSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  username: z.string().optional(),
});

const clickSchema = z.object({
  trigger_id: z.string(),
  response_url: z.string().default(''),
  user: userSchema,
  message: z.object({ ts: z.string() }).optional(),
  channel: z.object({ id: z.string() }).optional(),
  actions: z
    .array(
      z.object({
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});

/** Somebody pressed a button or chose from an overflow menu. */
export interface Click {
  readonly caller: Caller;
  readonly value: string | undefined;
  readonly triggerId: string;
  readonly responseUrl: string;
  /** Undefined on the bot's own page. */
  readonly conversation: string | undefined;
  /** The message it was on; absent for what only one person sees. */
  readonly messageTs?: string;
}

/** Reads what Slack sends for a click; undefined for what is not one. */
export function readClick(body: unknown): Click | undefined {
  const read = clickSchema.safeParse(body);
  if (!read.success) return undefined;
  const { user, trigger_id, response_url, message, channel, actions } = read.data;
  const [action] = actions;
  return {
    caller: callerOf(user),
    value: action?.selected_option?.value ?? action?.value,
    triggerId: trigger_id,
    responseUrl: response_url,
    conversation: channel?.id,
    ...(message === undefined ? {} : { messageTs: message.ts }),
  };
}

/** What a field of a form holds, by the kind of its element. */
const stateSchema = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_date_time: z.number().nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});

const submissionSchema = z.object({
  user: userSchema,
  view: z.object({
    id: z.string(),
    hash: z.string().default(''),
    private_metadata: z.string().default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), stateSchema)) }),
  }),
});

/** Somebody submitted a form. */
export interface Submission {
  readonly caller: Caller;
  readonly viewId: string;
  readonly dedupeId: string;
  readonly memory: string;
  /** What was typed or chosen, by block; empty where nothing was. Moments are in ms. */
  readonly values: Readonly<Record<string, string>>;
}

/** Reads what Slack sends for a submitted form; undefined for what is not one. */
export function readSubmission(body: unknown): Submission | undefined {
  const read = submissionSchema.safeParse(body);
  if (!read.success) return undefined;
  const { user, view } = read.data;
  const values = Object.entries(view.state.values).map(([block, fields]) => [
    block,
    valueOf(Object.values(fields)[0]),
  ]);
  return {
    caller: callerOf(user),
    viewId: view.id,
    dedupeId: `slack:${view.id}:${view.hash}`,
    memory: view.private_metadata,
    values: Object.fromEntries(values) as Readonly<Record<string, string>>,
  };
}

function valueOf(state: z.infer<typeof stateSchema> | undefined): string {
  const moment = state?.selected_date_time;
  if (typeof moment === 'number') return String(moment * 1000);
  return state?.selected_option?.value ?? state?.selected_options?.[0]?.value ?? state?.value ?? '';
}

const homeSchema = z.object({
  user: z.string(),
  tab: z.string(),
});

/** Who opened the bot's own page; undefined for its other tabs. */
export function readHomeOpened(event: unknown): Caller | undefined {
  const read = homeSchema.safeParse(event);
  if (!read.success || read.data.tab !== 'home') return undefined;
  return callerOf({ id: read.data.user });
}

const slashSchema = z.object({
  trigger_id: z.string(),
  response_url: z.string(),
  user_id: z.string(),
  user_name: z.string().optional(),
  command: z.string(),
  channel_id: z.string(),
  text: z.string().default(''),
});

/** Somebody typed a slash command. */
export interface Slash {
  readonly caller: Caller;
  readonly text: string;
  readonly triggerId: string;
  readonly responseUrl: string;
  readonly conversation: string;
}

/** Reads what Slack sends for a slash command; undefined for what is not one. */
export function readSlash(body: unknown): Slash | undefined {
  const read = slashSchema.safeParse(body);
  if (!read.success) return undefined;
  const { trigger_id, response_url, user_id, user_name, channel_id, text } = read.data;
  return {
    caller: { via: 'slack', handle: user_id, name: user_name ?? user_id },
    text,
    triggerId: trigger_id,
    responseUrl: response_url,
    conversation: channel_id,
  };
}

function callerOf({ id, name, username }: z.infer<typeof userSchema>): Caller {
  return { via: 'slack', handle: id, name: name ?? username ?? id };
}
