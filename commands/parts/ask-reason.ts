import type { Invocation } from '../../src/model/invocation.ts';
import type { Form, Reply } from '../../src/model/reply.ts';

/** Whether a button asks for a form: typed lines that lack a reason are refused in words instead. */
export function wantsForm({ options }: Invocation): boolean {
  return options['ask'] === 'yes' && options['confirm'] !== 'yes';
}

/** Answers with a form that sends the same invocation with a reason. */
export function askReason(invocation: Invocation, form: Omit<Form, 'invocation'>): Reply {
  return {
    outcome: 'ask',
    visibility: 'private',
    blocks: [{ kind: 'form', form: { ...form, invocation } }],
  };
}
