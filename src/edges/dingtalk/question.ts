import { z } from 'zod';
import type { Invocation } from '../../model/invocation.ts';
import type { Form, FormField } from '../../model/reply.ts';
import { rememberedCharsMax, type ShortMemory } from '../../ports/short-memory.ts';
import { questionMs, reasonCharsMax } from './limits.ts';
import { readAnswer } from './line.ts';
import { parseJson } from './wire.ts';

const choiceSchema = z.object({
  kind: z.literal('choice'),
  name: z.string(),
  label: z.string(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  chosen: z.string(),
});

const questionSchema = z.object({
  reason: z.string(),
  fields: z.array(choiceSchema),
  form: z.object({
    title: z.string(),
    lines: z.array(z.string()),
    reasonLabel: z.string(),
    submit: z.string(),
    cancel: z.string(),
    danger: z.boolean(),
    invocation: z.object({
      command: z.string(),
      args: z.array(z.string()),
      options: z.record(z.string(), z.string()),
    }),
  }),
});

export type Choice = Extract<FormField, { readonly kind: 'choice' }>;

/** What a person was asked, and what is known of their answer. A chat asks for one thing at a time. */
export interface Question {
  readonly form: Form;
  /** What is still to be chosen, in order. Moments and boxes have no place in a chat line, and are left out. */
  readonly fields: readonly Choice[];
  /** Empty before it was given. */
  readonly reason: string;
}

/** What is asked for next. */
export type Stage =
  | { readonly kind: 'choice'; readonly field: Choice }
  | { readonly kind: 'reason' }
  | { readonly kind: 'confirm' };

/** A form as a question: with what was typed already. */
export function questionOf(form: Form): Question {
  const { fields = [], ...rest } = form;
  const reason = (form.invocation.options['reason'] ?? '').trim();
  return {
    form: rest,
    fields: fields.filter((field) => field.kind === 'choice'),
    // Without a yes to ask for, there would be nothing left to ask.
    reason: form.danger ? reason.slice(0, reasonCharsMax) : '',
  };
}

export function stageOf({ fields, reason }: Question): Stage {
  const [field] = fields;
  if (field !== undefined) return { kind: 'choice', field };
  return { kind: reason === '' ? 'reason' : 'confirm' };
}

/** Where an answer leads: to the deed, to the next question (or the same one again), or to nothing. */
export type Step =
  | { readonly kind: 'run'; readonly invocation: Invocation }
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'cancelled' };

export function answered(question: Question, text: string): Step {
  const answer = readAnswer(text);
  if (answer === 'no') return { kind: 'cancelled' };
  const { form, fields, reason } = question;
  const stage = stageOf(question);
  switch (stage.kind) {
    case 'choice': {
      const options = { ...form.invocation.options, [stage.field.name]: chosen(stage.field, text) };
      const invocation = { ...form.invocation, options };
      return {
        kind: 'ask',
        question: { form: { ...form, invocation }, fields: fields.slice(1), reason },
      };
    }
    case 'reason': {
      const given = text.trim().slice(0, reasonCharsMax);
      const next = { ...question, reason: given };
      return form.danger
        ? { kind: 'ask', question: next }
        : { kind: 'run', invocation: invocationOf(next) };
    }
    case 'confirm':
      return answer === 'yes'
        ? { kind: 'run', invocation: invocationOf(question) }
        : { kind: 'ask', question };
  }
}

/** One of the options, by value, label or number; what is none of them is taken as it was typed, and the command judges it. */
function chosen({ options }: Choice, text: string): string {
  const word = text.trim().toLowerCase();
  const found = options.find(({ value, label }, index) =>
    [value.toLowerCase(), label.toLowerCase(), String(index + 1)].includes(word),
  );
  return found?.value ?? text.trim().slice(0, 100);
}

function invocationOf({ form: { invocation }, reason }: Question): Invocation {
  return { ...invocation, options: { ...invocation.options, reason, confirm: 'yes' } };
}

/** Questions under way, one for each person: the answer may reach another replica. */
export interface Questions {
  /** False when it cannot be remembered: then it must not be asked. */
  ask(userId: string, question: Question): Promise<boolean>;
  /** Takes the question that an answer belongs to; who asks second gets nothing. */
  take(userId: string): Promise<Question | undefined>;
}

export function createQuestions(memory: ShortMemory): Questions {
  const keyOf = (userId: string): string => `dingtalk:asked:${userId}`;
  return {
    async ask(userId, question) {
      const text = JSON.stringify(question);
      if (text.length > rememberedCharsMax) return false;
      return await memory.put(keyOf(userId), text, questionMs).then(
        () => true,
        () => false,
      );
    },
    async take(userId) {
      const text = await memory.take(keyOf(userId)).catch(() => undefined);
      const read = questionSchema.safeParse(parseJson(text ?? ''));
      return read.success ? read.data : undefined;
    },
  };
}
