import type { Language } from '../../model/person.ts';
import { words } from '../../rules/card/words/words.ts';
import { type Choice, type Question, stageOf } from './question.ts';
import { type Message, message } from './render-text.ts';
import { joinLines, newLine, plainText, sayLink } from './text.ts';

/** Bytes of what a question shows before it asks. */
const linesBytesMax = 3000;

/** Asks a person for the next thing, with what it is about above it. Pure. */
export function renderQuestion(question: Question, language: Language): Message {
  const { common, dingtalk } = words(language);
  const { form, reason } = question;
  const title = plainText(form.title);
  const above = [
    `### ${form.danger ? '⚠️ ' : ''}${title}`,
    joinLines(form.lines.map(plainText), linesBytesMax, common.more),
  ];
  const leave = sayLink(dingtalk.no, form.cancel);
  const stage = stageOf(question);
  switch (stage.kind) {
    case 'choice':
      return message(title, [...above, choicesOf(stage.field, language), leave]);
    case 'reason':
      return message(title, [
        ...above,
        `**${plainText(form.reasonLabel)}**${newLine}${dingtalk.answerReason}`,
        leave,
      ]);
    case 'confirm':
      return message(title, [
        ...above,
        dingtalk.reasonIs(plainText(reason)),
        dingtalk.answerYes,
        `${sayLink(dingtalk.yes, form.submit)}  ·  ${leave}`,
      ]);
  }
}

function choicesOf({ label, options }: Choice, language: Language): string {
  const links = options.map(({ value, label: name }) => sayLink(value, name));
  return [
    `**${plainText(label)}**`,
    words(language).dingtalk.answerChoice,
    links.join('  ·  '),
  ].join(newLine);
}
