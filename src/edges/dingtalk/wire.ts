import { z } from 'zod';
import type { Button } from '../../model/card.ts';
import type { IncidentId } from '../../model/incident.ts';
import type { Invocation } from '../../model/invocation.ts';

/** What pressing a button does, and on which card it was. */
export interface Press {
  /** `run` the invocation, or `ask` first: in the single chat, since a card has no form. */
  readonly kind: 'run' | 'ask';
  readonly invocation: Invocation;
  /** Destination and incident of the card, to redraw it. */
  readonly destination: string;
  readonly incident: IncidentId;
}

const pressSchema = z.tuple([
  z.enum(['run', 'ask']),
  z.string(),
  z.array(z.string()),
  z.record(z.string(), z.string()),
  z.string(),
  z.int(),
]);

/** A press as the parameter of a button. It is not secret and cannot be forged: DingTalk keeps it, and sends it back itself. */
export function encodePress(press: Press): string {
  const { kind, invocation, destination, incident } = press;
  const { command, args, options } = invocation;
  return JSON.stringify([kind, command, args, options, destination, incident]);
}

/** Reads it back; undefined for what is not one of ours, such as the button of another template. */
export function decodePress(text: string): Press | undefined {
  const read = pressSchema.safeParse(parseJson(text));
  if (!read.success) return undefined;
  const [kind, command, args, options, destination, incident] = read.data;
  return { kind, invocation: { command, args, options }, destination, incident };
}

/** The line a person would type for a button: `zk ack 12`. */
export function lineOf({ invocation }: Pick<Button, 'invocation'>): string {
  const options = Object.entries(invocation.options).map(
    ([name, value]) => `--${name} ${quoted(value)}`,
  );
  return ['zk', invocation.command, ...invocation.args.map(quoted), ...options].join(' ');
}

function quoted(word: string): string {
  return /[\s"]/u.test(word) ? `"${word.replaceAll('"', "'")}"` : word;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
