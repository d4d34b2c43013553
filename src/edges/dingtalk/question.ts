import { z } from 'zod';
import type { Form } from '../../model/reply.ts';
import { rememberedCharsMax, type ShortMemory } from '../../ports/short-memory.ts';
import { questionMs } from './limits.ts';
import { parseJson } from './wire.ts';

const questionSchema = z.object({
  stage: z.enum(['reason', 'confirm']),
  reason: z.string(),
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

/** What a person was asked last, and how far they are. */
export interface Question {
  readonly stage: 'reason' | 'confirm';
  readonly reason: string;
  readonly form: Form;
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
