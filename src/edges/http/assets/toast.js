// @ts-check
import { announce, byId, word } from './page.js';

/** A toast with words stays as long as it takes to read them twice; a refusal stays until it is closed. */
const toastMs = 6_000;

/**
 * @param {string} outcome
 * @param {...string} lines
 */
export function toast(outcome, ...lines) {
  const box = document.createElement('div');
  box.className = `toast toast-${outcome}`;
  const head = document.createElement('strong');
  head.textContent = word(outcome);
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'tool';
  close.textContent = '×';
  close.setAttribute('aria-label', word('close'));
  close.addEventListener('click', () => box.remove());
  box.append(head, close);
  for (const line of lines.filter((text) => text !== '')) {
    const paragraph = document.createElement('p');
    paragraph.textContent = line;
    box.append(paragraph);
  }
  byId('toasts')?.append(box);
  if (outcome === 'done') setTimeout(() => box.remove(), toastMs);
  else announce(lines.join(' '));
}
