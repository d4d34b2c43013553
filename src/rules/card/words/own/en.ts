import { commonEn } from '../common/en.ts';
import { counted } from '../plural.ts';

const { duration, time } = commonEn;

/** What the bot says of itself without an incident: while its memory is gone, no card can be made. */
export const ownEn = {
  /** To a person in a chat, when Redis has been gone for a while. */
  blind: (facts: { readonly redis: string; readonly sinceMs: number; readonly replicas: number }) =>
    [
      `Nightkeeper is blind: Redis (${facts.redis}) has not answered since ${time(facts.sinceMs)}.`,
      'No fault is noticed or resolved until it is back; nothing is forgotten.',
      ...(facts.replicas > 1
        ? [`Said by one of ${counted(facts.replicas, 'replica')}; others may still reach it.`]
        : []),
      ownEn.next,
    ].join(' '),
  seesAgain: (facts: { readonly blindMs: number; readonly sinceMs: number }) =>
    `Nightkeeper sees again: Redis is back. It was blind for ${duration(facts.blindMs)}, since ${time(facts.sinceMs)}.`,
  next: 'Next: look whether Redis runs (redis-cli ping), its log and its disk. The bot goes on by itself when it comes.',
  /** In `/readyz` and on the console. */
  noRedis: (facts: { readonly redis: string; readonly blindMs: number }) =>
    `Redis (${facts.redis}) has not answered for ${duration(facts.blindMs)}: the bot is blind. ${ownEn.next}`,
};

export type OwnWords = typeof ownEn;
