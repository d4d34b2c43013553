// @ts-check
import { byId, word } from './page.js';

/** Server time minus browser time, so that ages are right on a machine whose clock is not. */
let skewMs = 0;

const clockFormat = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const dayFormat = new Intl.DateTimeFormat(document.documentElement.lang, {
  month: 'short',
  day: 'numeric',
});

export function now() {
  return Date.now() + skewMs;
}

/** @param {number} serverNow */
export function setServerTime(serverNow) {
  skewMs = serverNow - Date.now();
}

/** Keeps every age on the page true, and marks what is too old to be believed. */
export function addTime() {
  const shown = Number(byId('watch')?.dataset['now']);
  if (shown > 0) setServerTime(shown);
  redrawTimes();
  setInterval(redrawTimes, 1000);
}

export function redrawTimes() {
  for (const element of document.querySelectorAll('time[data-at]')) {
    if (!(element instanceof HTMLElement)) continue;
    const atMs = Number(element.dataset['at']);
    const text = element.dataset['form'] === 'ago' ? age(now() - atMs) : clock(atMs);
    if (element.textContent !== text) element.textContent = text;
  }
  for (const element of document.querySelectorAll('.ensemble')) {
    if (!(element instanceof HTMLElement)) continue;
    const seen = Number(element.dataset['seen']);
    const stale = seen > 0 && now() - seen > Number(element.dataset['staleMs']);
    element.classList.toggle('is-stale', stale);
  }
}

/** @param {number} ms */
export function age(ms) {
  return ms < 1500 ? word('now') : word('ago').replace('{t}', duration(ms));
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return count('seconds', seconds);
  if (seconds < 90 * 60) return count('minutes', Math.round(seconds / 60));
  if (seconds < 36 * 3600) return count('hours', Math.round(seconds / 3600));
  return count('days', Math.round(seconds / 86_400));
}

/**
 * @param {string} unit
 * @param {number} number
 */
function count(unit, number) {
  return word(unit).replace('{n}', String(number));
}

/** @param {number} atMs */
function clock(atMs) {
  const date = new Date(atMs);
  const isToday = date.toDateString() === new Date(now()).toDateString();
  return isToday
    ? clockFormat.format(date)
    : `${dayFormat.format(date)} ${clockFormat.format(date)}`;
}
