// @ts-check
import { byId } from './page.js';

/** A pause in typing after which completions are asked for. */
const typingMs = 80;

/**
 * What the line could go on with: a list above it, walked by arrow keys, taken by Tab, Enter or a tap.
 * @param {HTMLInputElement} input
 */
export function suggestionList(input) {
  const list = byId('suggestions');
  /** @type {{ line: string, word: string, hint: string }[]} */
  let offered = [];
  let chosen = -1;
  /** @type {number | undefined} */
  let timer;

  /** @param {typeof offered} next */
  function offer(next) {
    offered = next;
    list?.replaceChildren(...offered.map((suggestion, index) => option(suggestion, index, take)));
    list?.toggleAttribute('hidden', offered.length === 0);
    input.setAttribute('aria-expanded', String(offered.length > 0));
    choose(-1);
  }

  function close() {
    clearTimeout(timer);
    offer([]);
  }

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    list?.querySelectorAll('[role="option"]').forEach((one, at) => {
      one.setAttribute('aria-selected', String(at === index));
      if (at === index) one.scrollIntoView({ block: 'nearest' });
    });
    if (index >= 0) input.setAttribute('aria-activedescendant', `suggestion-${index}`);
    else input.removeAttribute('aria-activedescendant');
  }

  /** @param {number} index */
  function take(index) {
    const suggestion = offered[index];
    if (suggestion === undefined) return;
    input.value = suggestion.line;
    close();
    ask();
  }

  /** @param {string} line */
  async function look(line) {
    try {
      const next = await completionsOf(line);
      // Otherwise the reader has typed on, or gone: the answer is to a question nobody asks any more.
      if (input.value === line && document.activeElement === input) offer(next);
    } catch {
      close();
    }
  }

  function ask() {
    clearTimeout(timer);
    const line = input.value;
    if (line.trim() === '') return close();
    timer = setTimeout(() => void look(line), typingMs);
  }

  /**
   * Whether the key was for the list.
   * @param {KeyboardEvent} event
   */
  function onKey(event) {
    if (offered.length === 0) return false;
    const { key } = event;
    if (key === 'ArrowDown') choose((chosen + 1) % offered.length);
    else if (key === 'ArrowUp') choose(chosen <= 0 ? offered.length - 1 : chosen - 1);
    else if (key === 'Tab' && !event.shiftKey) take(Math.max(0, chosen));
    else if (key === 'Enter' && chosen >= 0) take(chosen);
    else if (key === 'Escape') close();
    else return false;
    return true;
  }

  return { close, ask, onKey };
}

/**
 * @param {string} line
 * @returns {Promise<{ line: string, word: string, hint: string }[]>}
 */
async function completionsOf(line) {
  const response = await fetch(`/api/v1/complete?line=${encodeURIComponent(line)}`);
  return response.ok ? (await response.json()).completions : [];
}

/**
 * @param {{ word: string, hint: string }} suggestion
 * @param {number} index
 * @param {(index: number) => void} take
 */
function option(suggestion, index, take) {
  const made = document.createElement('li');
  made.id = `suggestion-${index}`;
  made.setAttribute('role', 'option');
  const name = document.createElement('b');
  name.textContent = suggestion.word;
  const hint = document.createElement('span');
  hint.textContent = suggestion.hint;
  made.append(name, hint);
  // The line must keep the focus, or the list closes before the click counts.
  made.addEventListener('mousedown', (event) => event.preventDefault());
  made.addEventListener('click', () => take(index));
  return made;
}
