// @ts-check

/** What the server wrote on the page for its own code: words in the reader's language, the page token. */
const { words: wordsJson = '{}', csrf = '', live } = document.body.dataset;

/** @type {Record<string, string>} */
export const words = JSON.parse(wordsJson);

/** The fragment this page redraws, if it is a live one. */
export const liveAddress = live;

/** A word by its key; an unknown key shows itself, so that it is found.
 * @param {string} key
 */
export function word(key) {
  return words[key] ?? key;
}

/** An element of the page by id, or undefined on pages without it.
 * @param {string} id
 */
export function byId(id) {
  return document.getElementById(id) ?? undefined;
}

/** Says something to screen readers at once.
 * @param {string} text
 */
export function announce(text) {
  const announcer = byId('announcer');
  if (announcer) announcer.textContent = text;
}

/** Longest wait for an answer: a restart's guard probes every server first. */
const answerMs = 30_000;

/** Posts JSON as this page, which no other site can.
 * @param {string} address
 * @param {unknown} body
 * @param {string} [dedupeId]
 * @returns {Promise<any>} the parsed answer; faults are `{ code, message, next }`
 */
export async function post(address, body, dedupeId) {
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-csrf-token': csrf,
      ...(dedupeId === undefined ? {} : { 'x-dedupe-id': dedupeId }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerMs),
  });
  if (response.status === 401) location.reload();
  return response.json();
}

/** A name for one press of a button, so that the server runs it once however often it arrives. */
export function pressId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
