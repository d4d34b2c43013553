import { createHash } from 'node:crypto';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { calledForMs, progressMs } from './limits.ts';

/** How far one message came: who has it or never will, and whose answer got lost. By `hashOf` of the number. */
export interface Progress {
  readonly done: Readonly<Record<string, 'sent' | 'refused' | 'left-out'>>;
  /** Being sent since, with this text; found later, it is not known what became of it. */
  readonly open: Readonly<Record<string, { readonly atMs: number; readonly text: string }>>;
  readonly tries: number;
}

export const nothingYet: Progress = { done: {}, open: {}, tries: 0 };

/** What all replicas know of messages and numbers for a while. */
export interface Remembered {
  progress(key: string): Promise<Progress>;
  saveProgress(key: string, progress: Progress): Promise<void>;
  /** When the number got messages during the last day. */
  sent(number: string): Promise<readonly number[]>;
  saveSent(number: string, sent: readonly number[]): Promise<void>;
  /** Who was called for an incident at a destination: they hear of its end. */
  called(about: string): Promise<readonly string[]>;
  saveCalled(about: string, numbers: readonly string[]): Promise<void>;
}

export function createRemembered(memory: ShortMemory): Remembered {
  async function read<T>(key: string, otherwise: T): Promise<T> {
    const text = await memory.get(`sms:${key}`);
    return text === undefined ? otherwise : (JSON.parse(text) as T);
  }
  const write = (key: string, value: unknown, forMs: number): Promise<void> =>
    memory.put(`sms:${key}`, JSON.stringify(value), forMs);
  return {
    progress: (key) => read(`progress:${hashOf(key)}`, nothingYet),
    saveProgress: (key, progress) => write(`progress:${hashOf(key)}`, progress, progressMs),
    sent: (number) => read(`sent:${hashOf(number)}`, []),
    saveSent: (number, sent) => write(`sent:${hashOf(number)}`, sent, progressMs),
    called: (about) => read(`called:${hashOf(about)}`, []),
    saveCalled: (about, numbers) => write(`called:${hashOf(about)}`, numbers, calledForMs),
  };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
