import type { ConsoleWords } from '../../rules/card/words/console/en.ts';
import { type Html, html } from './html.ts';

/** How long something lasted, in its largest fitting unit: `12 s`, `4 min`. */
export function durationText(ms: number, words: ConsoleWords['duration']): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return words.seconds(seconds);
  if (seconds < 90 * 60) return words.minutes(Math.round(seconds / 60));
  if (seconds < 36 * 3600) return words.hours(Math.round(seconds / 3600));
  return words.days(Math.round(seconds / 86_400));
}

/** A latency: `0.4 ms`, `12 ms`, `1.2 s`. */
export function millisText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms > 0 && ms < 10 && !Number.isInteger(ms)
    ? `${ms.toFixed(1)} ms`
    : `${Math.round(ms)} ms`;
}

/** A count with at most four signs: `940`, `12.4k`, `3.1M`. */
export function countText(count: number): string {
  if (count >= 1_000_000) return `${(count / 1_000_000).toFixed(1)}M`;
  if (count >= 10_000) return `${(count / 1000).toFixed(1)}k`;
  return String(Math.round(count));
}

/** `3 min ago`, kept fresh by the page's own clock. */
export function ago(atMs: number, nowMs: number, words: ConsoleWords['duration']): Html {
  const text = nowMs - atMs < 1500 ? words.now : words.ago(durationText(nowMs - atMs, words));
  return html`<time datetime="${isoOf(atMs)}" data-at="${atMs}" data-form="ago" title="${clockText(atMs)}">${text}</time>`;
}

/** A time of day; UTC from the server, redrawn in the reader's own zone by the page. */
export function clock(atMs: number): Html {
  return html`<time datetime="${isoOf(atMs)}" data-at="${atMs}" data-form="clock">${clockText(atMs)}</time>`;
}

function clockText(atMs: number): string {
  return `${isoOf(atMs).slice(0, 19).replace('T', ' ')} UTC`;
}

function isoOf(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? '1970-01-01T00:00:00.000Z' : date.toISOString();
}
