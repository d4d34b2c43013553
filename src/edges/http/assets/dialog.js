// @ts-check
import { byId, word } from './page.js';

/**
 * @typedef {object} Field
 * @property {'choice' | 'moment' | 'flag'} kind
 * @property {string} name
 * @property {string} label
 * @property {{ value: string, label: string }[]} [options]
 * @property {string} [chosen]
 */

/**
 * @typedef {object} Form
 * @property {string} title
 * @property {string[]} lines
 * @property {Field[]} [fields]
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
 * Shows the sum, asks for what it asks for and a reason, and runs `submit` once with the answers, by name.
 * @param {Form} form
 * @param {(answers: Record<string, string>) => Promise<void>} submit
 */
export function openForm(form, submit) {
  const dialog = open(form.title, form.lines);
  if (dialog === undefined) return;
  const readers = (form.fields ?? []).map((field) => addField(dialog, field));
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
    const answers = readers.map((read) => read()).filter(([, value]) => value !== '');
    void submit({ ...Object.fromEntries(answers), reason: reason.value.trim() });
  });
  reason.focus();
}

/**
 * Puts a field into the dialogue; answers what reads it: its name and its value, empty where nothing was said.
 * @param {HTMLDialogElement} dialog
 * @param {Field} field
 * @returns {() => [string, string]}
 */
function addField(dialog, field) {
  const label = element(
    'label',
    field.label,
    field.kind === 'flag' ? 'flag-label' : 'reason-label',
  );
  const id = `field-${field.name}`;
  label.setAttribute('for', id);
  if (field.kind === 'choice') {
    const select = document.createElement('select');
    for (const { value, label: text } of field.options ?? [])
      select.add(new Option(text, value, value === field.chosen, value === field.chosen));
    select.id = id;
    dialog.append(label, select);
    return () => [field.name, select.value];
  }
  const input = document.createElement('input');
  input.id = id;
  if (field.kind === 'flag') {
    input.type = 'checkbox';
    label.prepend(input);
    dialog.append(label);
    return () => [field.name, input.checked ? 'yes' : ''];
  }
  input.type = 'datetime-local';
  dialog.append(label, input);
  return () => [field.name, input.value === '' ? '' : String(new Date(input.value).getTime())];
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
