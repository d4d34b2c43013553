import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';

/** What is opened once, when the bot starts: a reload cannot move it to another address. */
const openedOnce = ['redis', 'http'] as const;

/** The sections whose change shows only after a restart of the bot. */
export function restartNeeded(
  started: Config,
  now: Config,
): readonly (typeof openedOnce)[number][] {
  return openedOnce.filter((section) => !isDeepStrictEqual(started[section], now[section]));
}
