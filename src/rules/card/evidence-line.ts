import { type LineFile, lineFileCharsMax, type ThreadLine } from '../../model/card.ts';
import type { Incident } from '../../model/incident.ts';
import type { Language } from '../../model/person.ts';
import { type EvidencePack, noAnswer } from '../../model/recovery.ts';
import { lineCharsMax } from './incident-card.ts';
import { cut } from './words/bounds.ts';
import { type Words, words } from './words/words.ts';

/** Lines that a chat without files shows: what `srvr` says of one server has nine. */
const headLinesMax = 10;

/** The answer that tells most in few lines; of a server that says nothing any more, its log. */
const headWords = ['srvr', 'log'] as const;

/** What servers said right before a recovery, for the thread of its card: whole as a file, its beginning in words. */
export function evidenceLine(
  { recovery }: Incident,
  packs: readonly EvidencePack[],
  language: Language,
): ThreadLine {
  const all = words(language);
  const { evidence } = all;
  const id = recovery?.id ?? '';
  // It was kept, and is too old by now to be kept any more.
  if (packs.length === 0) return { text: evidence.none(id), mention: [] };
  const what = all.card.action(recovery?.action ?? '', recovery?.server ?? '');
  const servers = packs.map(({ server }) => server);
  const answers = packs.flatMap((pack) => Object.values(pack.answers));
  // A server that is down says nothing: a file of that would be no help.
  const silence = answers.every((answer) => answer.startsWith(noAnswer)) ? answers[0] : undefined;
  if (silence !== undefined)
    return { text: cut(evidence.silent(what, servers, silence), lineCharsMax), mention: [] };
  const text = cut(evidence.line(what, servers), lineCharsMax);
  const file: LineFile = {
    title: evidence.title(id, servers),
    text: fileText([id, what].join(' · '), packs, all),
    head: headOf(packs),
    more: evidence.more(id),
  };
  return { text, mention: [], file };
}

function fileText(title: string, packs: readonly EvidencePack[], { common }: Words): string {
  const parts = packs.flatMap(({ server, atMs, answers }) => [
    `=== ${server} · ${common.time(atMs)} ===`,
    ...Object.entries(answers).map(([word, raw]) => `--- ${word} ---\n${raw.trimEnd()}`),
  ]);
  const whole = `${[title, ...parts].join('\n\n')}\n`;
  return cut(whole, lineFileCharsMax);
}

/** The short answer of the first server; where it gave none, the end of its log, or the beginning of what it did say. */
function headOf([first]: readonly EvidencePack[]): readonly string[] {
  if (first === undefined) return [];
  const { server, answers } = first;
  const [word, raw] = [...headWords, ...Object.keys(answers)]
    .map((each) => [each, answers[each] ?? ''] as const)
    .find(([, answer]) => answer !== '' && !answer.startsWith(noAnswer)) ?? ['', ''];
  const lines = raw.trimEnd().split('\n');
  const shown = word === 'log' ? lines.slice(-headLinesMax) : lines.slice(0, headLinesMax);
  return [`${server} ${word}`, ...shown];
}
