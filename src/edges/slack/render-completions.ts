import type { types } from '@slack/bolt';
import { parseLine } from '../../model/invocation.ts';
import type { ReplyBlock } from '../../model/reply.ts';
import { elementsMax, labelMax, sectionMax, valueMax } from './limits.ts';
import { plain, section } from './render-card.ts';
import { clip, clipLines, escape } from './text.ts';
import { encodePress } from './wire.ts';

type Completions = Extract<ReplyBlock, { kind: 'completions' }>;

/** Lines that a typed one can become: what each stands for, and a button for each, so that nobody types on a phone. */
export function renderCompletions(
  { title, lines }: Completions,
  more: (count: number) => string,
): types.KnownBlock[] {
  const heading = `*${escape(title)}*`;
  const said = lines.map(({ line, hint }) => [`/zk ${line}`, hint].filter(Boolean).join(' — '));
  const elements = lines.flatMap(({ line }, index): types.Button[] => {
    const invocation = parseLine(line);
    const value = invocation === undefined ? '' : encodePress({ kind: 'run', invocation });
    if (value === '' || value.length > valueMax) return [];
    const text = plain(clip(line, labelMax));
    return [{ type: 'button', action_id: `nk-line-${index}`, text, value }];
  });
  return [
    section([heading, ...clipLines(said, sectionMax - heading.length - 1, more)].join('\n')),
    ...(elements.length === 0
      ? []
      : [{ type: 'actions' as const, elements: elements.slice(0, elementsMax) }]),
  ];
}
