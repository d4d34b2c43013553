import { z } from 'zod';
import type { Invocation } from '../../model/invocation.ts';

/** What pressing a button does: `run` the invocation, or `ask` first, in a modal that opens at once. */
export interface Press {
  readonly kind: 'run' | 'ask';
  readonly invocation: Invocation;
}

const pressSchema = z.tuple([
  z.enum(['run', 'ask']),
  z.string(),
  z.array(z.string()),
  z.record(z.string(), z.string()),
]);

/** A press as the value of a button, as short as it can be: options of a menu have room for 75 characters. */
export function encodePress({ kind, invocation }: Press): string {
  return JSON.stringify([kind, invocation.command, invocation.args, invocation.options]);
}

/** Reads a value back; undefined for what is not one of ours, like the button of an older version. */
export function decodePress(value: string | undefined): Press | undefined {
  const read = pressSchema.safeParse(parseJson(value));
  if (!read.success) return undefined;
  const [kind, command, args, options] = read.data;
  return { kind, invocation: { command, args, options } };
}

/** The value of what is only a link. */
export const linkValue = '["open"]';

/** Whether a value is that of a link: Slack tells of it, and there is nothing to do. */
export function isLink(value: string | undefined): boolean {
  return value === linkValue;
}

/** What a modal must remember between opening and submission, on any replica. */
export interface FormMemory {
  readonly press: string;
  /** Where to answer when the modal is gone; empty where there is no conversation. */
  readonly responseUrl: string;
  /** The card whose thread a public answer belongs to. */
  readonly messageTs?: string | undefined;
}

const formMemorySchema = z.object({
  press: z.string(),
  responseUrl: z.string(),
  messageTs: z.string().optional(),
});

export function encodeFormMemory(memory: FormMemory): string {
  return JSON.stringify(memory);
}

export function decodeFormMemory(text: string): FormMemory | undefined {
  const read = formMemorySchema.safeParse(parseJson(text));
  return read.success ? read.data : undefined;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
