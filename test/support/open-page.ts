import type { Card } from '../../src/model/card.ts';
import type { StoryBot } from './bot.ts';
import { until } from './until.ts';

/** A page of the console that somebody looks at: it draws itself anew when the bot says that something changed, and never asks. */
export interface OpenPage {
  /** Of the newest card. */
  stateLine(): string;
  tone(): string;
  close(): void;
}

/** Opens it; resolves when the bot has greeted it. */
export async function openConsole({
  url,
  cards,
}: Pick<StoryBot, 'url' | 'cards'>): Promise<OpenPage> {
  const line = new AbortController();
  let shown: readonly Card[] = [];
  let isGreeted = false;
  const response = await fetch(`${url}/api/v1/events`, { signal: line.signal });
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) {
      const heard = decoder.decode(piece, { stream: true });
      isGreeted ||= heard.includes('event: hello');
      if (heard.includes('event: card') || heard.includes('event: hello')) shown = await cards();
    }
  };
  read().catch((error: unknown) => {
    if (!line.signal.aborted) throw error;
  });
  await until('the page is greeted', () => isGreeted);
  return {
    stateLine: () => shown[0]?.stateLine ?? '',
    tone: () => shown[0]?.tone ?? '',
    close: () => line.abort(),
  };
}
