// @ts-check
import { byId, word } from './page.js';
import { redrawTimes } from './time.js';

/** Answers kept on the page. */
const answersMax = 20;

/**
 * Shows the answer of a button where the line answers.
 * @param {string} line
 * @param {import('./run.js').Answer} answer
 */
export function showAnswer(line, answer) {
  fillEntry(addEntry(line), answer);
}

/** Opens an entry that says it is running.
 * @param {string} line
 */
export function addEntry(line) {
  const list = byId('answer-list');
  if (list === undefined) return undefined;
  const entry = document.createElement('li');
  const asked = document.createElement('p');
  asked.className = 'asked';
  asked.textContent = `/zk ${line.replace(/^\/?zk\s+/i, '')}`;
  const running = document.createElement('p');
  running.className = 'muted';
  running.textContent = word('running');
  entry.append(asked, running);
  list.append(entry);
  while (list.childElementCount > answersMax) list.firstElementChild?.remove();
  byId('answers')?.removeAttribute('hidden');
  list.scrollTop = list.scrollHeight;
  return entry;
}

/**
 * Puts the answer where the entry was running.
 * @param {HTMLLIElement | undefined} entry
 * @param {import('./run.js').Answer} answer
 */
export function fillEntry(entry, answer) {
  if (entry === undefined) return;
  // The server drew and escaped it; parsing runs no script.
  const drawn = new DOMParser().parseFromString(answer.html, 'text/html').body;
  entry.lastElementChild?.replaceWith(...drawn.childNodes);
  entry.className = `answer-${answer.outcome}`;
  redrawTimes();
  const list = byId('answer-list');
  if (list) list.scrollTop = entry.offsetTop - list.offsetTop;
}

/** Takes an entry away again, and the whole panel with the last one.
 * @param {HTMLLIElement | undefined} entry
 */
export function dropEntry(entry) {
  entry?.remove();
  if (byId('answer-list')?.childElementCount === 0) byId('answers')?.setAttribute('hidden', '');
}
