// @ts-check
import { addEntry, dropEntry, fillEntry } from './answers.js';
import { byId } from './page.js';
import { answerForm, send } from './run.js';
import { suggestionList } from './suggestions.js';

/** Lines remembered in this browser tab. */
const historyMax = 100;

const historyKey = 'nk-lines';

/** The `/zk` line: completion, history, answers. */
export function addCommandLine() {
  const form = byId('line');
  const input = byId('line-input');
  if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLInputElement)) return;
  const history = lineHistory(input);
  const suggestions = suggestionList(input);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const line = input.value.trim();
    if (line === '') return;
    suggestions.close();
    history.add(line);
    input.value = '';
    void runLine(line);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (suggestions.onKey(event) || history.onKey(event)) event.preventDefault();
  });
  input.addEventListener('input', () => suggestions.ask());
  input.addEventListener('blur', () => suggestions.close());
  byId('answers-close')?.addEventListener('click', () => {
    byId('answer-list')?.replaceChildren();
    byId('answers')?.setAttribute('hidden', '');
    input.focus();
  });
  document.addEventListener('keydown', (event) => {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, dialog');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
}

/** @param {string} line */
async function runLine(line) {
  const entry = addEntry(line);
  const answer = await send({ line });
  if (answer === undefined || answerForm(answer)) {
    dropEntry(entry);
    return;
  }
  fillEntry(entry, answer);
}

/** @param {HTMLInputElement} input */
function lineHistory(input) {
  /** @type {string[]} */
  const lines = JSON.parse(sessionStorage.getItem(historyKey) ?? '[]');
  let place = lines.length;
  let draft = '';
  return {
    /** @param {string} line */
    add(line) {
      if (lines.at(-1) !== line) lines.push(line);
      lines.splice(0, lines.length - historyMax);
      place = lines.length;
      sessionStorage.setItem(historyKey, JSON.stringify(lines));
    },
    /** @param {KeyboardEvent} event */
    onKey(event) {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined) return false;
      const next = place + step;
      if (next < 0 || next > lines.length) return true;
      if (place === lines.length) draft = input.value;
      place = next;
      input.value = lines[place] ?? draft;
      return true;
    },
  };
}
