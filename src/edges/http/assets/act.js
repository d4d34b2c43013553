// @ts-check
import { confirmFirst } from './dialog.js';
import { post, word } from './page.js';
import { runInvocation } from './run.js';
import { toast } from './toast.js';

/** Buttons of cards and of the demo: each is an invocation, posted once. */
export function addActions() {
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest('button[data-invocation], button[data-breaker]');
    if (button instanceof HTMLButtonElement) {
      void press(button);
      return;
    }
    closeMenus(event.target);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenus(document.body);
  });
}

/** @param {Element} except */
function closeMenus(except) {
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(except)) menu.removeAttribute('open');
}

/** @param {HTMLButtonElement} button */
async function press(button) {
  if (button.hasAttribute('data-running')) return;
  const { invocation, confirm, breaker } = button.dataset;
  if (confirm !== undefined && !(await confirmFirst(JSON.parse(confirm)))) return;
  setRunning(button, true);
  closeMenus(document.body);
  try {
    if (breaker !== undefined) await pressBreaker(breaker);
    else if (invocation !== undefined) await runInvocation(JSON.parse(invocation));
  } finally {
    setRunning(button, false);
  }
}

/** @param {string} id */
async function pressBreaker(id) {
  try {
    const answer = await post(`/api/v1/breakers/${encodeURIComponent(id)}`, {});
    if (answer.code === undefined) toast('done', word('breakerDone'));
    else toast('failed', answer.message, answer.next);
  } catch {
    toast('failed', word('unreachable'));
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} isRunning
 */
function setRunning(button, isRunning) {
  button.toggleAttribute('data-running', isRunning);
  button.disabled = isRunning;
  button.setAttribute('aria-busy', String(isRunning));
}
