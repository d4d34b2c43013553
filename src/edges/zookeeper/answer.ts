import type { Metrics, Mode } from '../../model/sample.ts';

/** What one answer tells of a server, whichever way it was asked. */
export interface Answer {
  readonly mode: Mode;
  readonly metrics: Metrics;
  readonly zxid?: string;
  readonly version?: string;
  readonly peerState?: string;
}

/** Numbers taken from one answer: a 3.8 leader reports about 780; each learner and namespace adds some. */
export const metricsMax = 2000;

const modes: Readonly<Record<string, Mode>> = {
  leader: 'leader',
  follower: 'follower',
  observer: 'observer',
  standalone: 'standalone',
  'read-only': 'read-only',
};

/** The mode, or undefined for a word that no version says. */
export function modeOf(text: string): Mode | undefined {
  return Object.hasOwn(modes, text) ? modes[text] : undefined;
}

/** `3.8.0` out of `3.8.0-${mvngit.commit.id}, built on …`: builds leave placeholders in the rest. */
export function versionOf(text: string): string | undefined {
  return /\d+\.\d+\.\d+/.exec(text)?.[0];
}

/** Java prints no number with more characters. */
const numberCharsMax = 40;

/** A figure of a server: -1 is how ZooKeeper writes that it does not know, and whatever is below that is nonsense. */
export function figureOf(text: string): number | undefined {
  const number = numberOf(text);
  return number !== undefined && isFigure(number) ? number : undefined;
}

export function isFigure(number: number): boolean {
  return Number.isFinite(number) && number >= -1;
}

/** A finite decimal number as Java prints it (`12.104`, `2.0E-4`, `-1`), or undefined: `NaN`, `Infinity`, hexadecimal and text. */
export function numberOf(text: string): number | undefined {
  if (text.length > numberCharsMax) return undefined;
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
