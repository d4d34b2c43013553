import { type Invocation, invocationCharsMax, parseLine } from '../../model/invocation.ts';

/**
 * Reads what a person wrote to the robot as a command: `zk status`, `状态`, `确认12`, `@Nightkeeper 确认 12`. Wide digits, letters and
 * spaces of a Chinese keyboard are the narrow ones. `undefined` for a line that is too long; an empty one asks for help.
 */
export function readLine(text: string): Invocation | undefined {
  if (text.length > invocationCharsMax) return undefined;
  const line = narrow(text)
    .trim()
    // Its own name, where DingTalk left it in.
    .replace(/^(?:@\S+\s+)+/u, '')
    // Chinese is written without spaces: 确认12 is 确认 12.
    .replace(/^((?:\/?zk\s+)?\p{Script=Han}+)(?=[#\w])/iu, '$1 ');
  return parseLine(line) ?? { command: 'help', args: [], options: {} };
}

/** True for a line that says itself that it is a command, whatever was asked before. */
export function isCommand(text: string): boolean {
  return /^\s*(?:@\S+\s+)*\/?zk(?:\s|$)/iu.test(narrow(text));
}

const yes: readonly string[] = [
  'yes',
  'y',
  'ok',
  '是',
  '好',
  '好的',
  '确认',
  '确定',
  '可以',
  '同意',
];
const no: readonly string[] = ['no', 'n', 'cancel', '否', '不', '取消', '算了', '不要', '放弃'];

/** What somebody who was asked said: yes, no, or something else. */
export function readAnswer(text: string): 'yes' | 'no' | 'else' {
  const word = narrow(text)
    .trim()
    .replace(/[.。!！]+$/u, '')
    .toLowerCase();
  if (yes.includes(word)) return 'yes';
  return no.includes(word) ? 'no' : 'else';
}

function narrow(text: string): string {
  return text
    .replaceAll(/[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF03\uFF20\uFF0F]/gu, (sign) =>
      sign.normalize('NFKC'),
    )
    .replaceAll('\u3000', ' ');
}
