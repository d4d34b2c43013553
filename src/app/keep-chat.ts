import type { Channel } from '../ports/channel.ts';

/** A chat that is connected, or tries to be. */
interface RunningChat {
  readonly channel: Channel;
  state(): { readonly kind: string; readonly reason?: string };
  close(): Promise<void>;
}

/** A chat of the configuration; one whose settings stay the same stays connected through a reload. */
export interface KeptChat<Settings> {
  readonly running: () => RunningChat | undefined;
  apply(settings: Settings | undefined): Promise<void>;
  close(): Promise<void>;
}

export function keepChat<Settings>(
  start: (settings: Settings) => RunningChat | Promise<RunningChat>,
): KeptChat<Settings> {
  let kept: { readonly chat: RunningChat; readonly settings: string } | undefined;
  return {
    running: () => kept?.chat,
    async apply(settings) {
      const wanted = JSON.stringify(settings);
      if (kept?.settings === wanted) return;
      await kept?.chat.close();
      kept = undefined;
      if (settings === undefined) return;
      kept = { chat: await start(settings), settings: wanted ?? '' };
    },
    async close() {
      await kept?.chat.close();
    },
  };
}

/** What is wrong with a chat, in the words of the log; `undefined` when it stands. */
export function troubleOf(chat: RunningChat): string | undefined {
  const { kind, reason = '' } = chat.state();
  return kind === 'connected' ? undefined : `${kind} ${reason}`.trim();
}
