import type { ServerId } from '../../model/ensemble.ts';
import type { Notice } from '../../model/sample.ts';

/** Turns what a sensor feels of one server into notices: each only when it is news. */
export interface ServerNotices {
  /** The server serves; news after it was broken or silent, not the first time. */
  stands(detail: string): void;
  /** The held connection closed; news only after it stood. */
  broke(detail: string): void;
  /** Heartbeats went unanswered; news only while it stands. */
  fellSilent(detail: string): void;
  isStanding(): boolean;
}

export function serverNotices(
  server: ServerId,
  tell: (notice: Omit<Notice, 'atMs'>) => void,
): ServerNotices {
  let state: 'never-stood' | 'standing' | 'silent' | 'broken' = 'never-stood';
  return {
    isStanding: () => state === 'standing',
    stands(detail) {
      const isNews = state === 'silent' || state === 'broken';
      state = 'standing';
      if (isNews) tell({ kind: 'serving', server, detail });
    },
    broke(detail) {
      if (state !== 'standing' && state !== 'silent') return;
      state = 'broken';
      tell({ kind: 'broken', server, detail });
    },
    fellSilent(detail) {
      if (state !== 'standing') return;
      state = 'silent';
      tell({ kind: 'silent', server, detail });
    },
  };
}
