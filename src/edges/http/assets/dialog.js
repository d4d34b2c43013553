// @ts-check
import { byId, word } from './page.js';

/**
 * @typedef {object} Form
 * @property {string} title
 * @property {string[]} lines
 * @property {string} reasonLabel
 * @property {string} submit
 * @property {string} cancel
 * @property {boolean} danger
 * @property {import('./run.js').Invocation} invocation
 */

/**
 * Asks once more before something is done.
 * @param {{ title: string, text: string, yes: string, no: string }} question
 * @returns {Promise<boolean>}
 */
export function confirmFirst(question) {
  return new Promise((resolve) => {
    const dialog = open(question.title, [question.text]);
    if (dialog === undefined) return resolve(false);
    const { no, yes } = addButtons(dialog, question.no, question.yes, false);
    let isYes = false;
    no.addEventListener('click', () => dialog.close());
    yes.addEventListener('click', () => {
      isYes = true;
      dialog.close();
    });
    dialog.addEventListener('close', () => resolve(isYes), { once: true });
    no.focus();
  });
}

/**
 * Shows the sum, asks for a reason, and runs `submit` once with it.
 * @param {Form} form
 * @param {(reason: string) => Promise<void>} submit
 */
export function openForm(form, submit) {
  const dialog = open(form.title, form.lines);
  if (dialog === undefined) return;
  const label = element('label', form.reasonLabel, 'reason-label');
  label.setAttribute('for', 'reason');
  const reason = document.createElement('textarea');
  reason.id = 'reason';
  reason.rows = 2;
  reason.maxLength = 500;
  reason.required = true;
  const fault = element('p', '', 'fault');
  fault.id = 'reason-fault';
  fault.setAttribute('role', 'alert');
  dialog.append(label, reason, fault);
  const { no, yes } = addButtons(dialog, form.cancel, form.submit, form.danger);
  no.addEventListener('click', () => dialog.close());
  yes.addEventListener('click', () => {
    if (reason.value.trim() === '') {
      fault.textContent = word('reasonMissing');
      reason.setAttribute('aria-invalid', 'true');
      reason.focus();
      return;
    }
    yes.disabled = true;
    dialog.close();
    void submit(reason.value.trim());
  });
  reason.focus();
}

/**
 * @param {string} title
 * @param {string[]} lines
 * @returns {HTMLDialogElement | undefined}
 */
function open(title, lines) {
  const dialog = byId('dialog');
  if (!(dialog instanceof HTMLDialogElement)) return undefined;
  if (dialog.open) dialog.close();
  const heading = element('h2', title);
  heading.id = 'dialog-title';
  dialog.replaceChildren(heading, ...lines.map((line) => element('p', line, 'dialog-line')));
  dialog.showModal();
  return dialog;
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} noText
 * @param {string} yesText
 * @param {boolean} isDanger
 */
function addButtons(dialog, noText, yesText, isDanger) {
  const row = element('div', '', 'dialog-buttons');
  const no = button(noText, 'button button-plain');
  const yes = button(yesText, `button ${isDanger ? 'button-danger' : 'button-primary'}`);
  row.append(no, yes);
  dialog.append(row);
  return { no, yes };
}

/**
 * @param {string} text
 * @param {string} className
 */
function button(text, className) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.className = className;
  return made;
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [className]
 */
function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}
