// @ts-check
import { showAnswer } from './answers.js';
import { openForm } from './dialog.js';
import { redrawSoon } from './live.js';
import { post, pressId, word } from './page.js';
import { toast } from './toast.js';

/**
 * @typedef {{ command: string, args: string[], options: Record<string, string> }} Invocation
 * @typedef {{ kind: string, text?: string, form?: import('./dialog.js').Form }} Block
 * @typedef {{ outcome: string, blocks: Block[], html: string }} Answer
 */

/**
 * Runs an invocation and shows its answer: a question as a dialogue, tables where the command line answers, words as a toast.
 * @param {Invocation} invocation
 */
export async function runInvocation(invocation) {
  const answer = await send({ ...invocation });
  if (answer === undefined) return;
  if (answerForm(answer)) return;
  const isShort = answer.blocks.every((block) => block.kind === 'text');
  if (isShort) toast(answer.outcome, ...answer.blocks.map((block) => block.text ?? ''));
  else showAnswer(`${invocation.command} ${invocation.args.join(' ')}`, answer);
}

/**
 * Opens the dialogue an answer asks for; false when it asks nothing.
 * @param {Answer} answer
 */
export function answerForm(answer) {
  const form = answer.blocks.find((block) => block.kind === 'form')?.form;
  if (form === undefined) return false;
  openForm(form, async (answers) => {
    const options = { ...form.invocation.options, ...answers, confirm: 'yes' };
    await runInvocation({ ...form.invocation, options });
  });
  return true;
}

/**
 * Posts an invocation or a line; a fault becomes a toast and answers nothing.
 * @param {object} body
 * @returns {Promise<Answer | undefined>}
 */
export async function send(body) {
  try {
    const answer = await post('/api/v1/commands', body, pressId());
    redrawSoon();
    if (answer.code === undefined) return answer;
    toast('failed', answer.message, answer.next);
  } catch {
    toast('failed', word('unreachable'));
  }
  return undefined;
}
