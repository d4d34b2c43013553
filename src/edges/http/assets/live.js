// @ts-check
import { morph } from './morph.js';
import { announce, byId, liveAddress, word } from './page.js';
import { redrawTimes, setServerTime } from './time.js';

/** Hints that come together are one redraw. */
const gatherMs = 120;

/** Nothing heard for this long means that the line is dead, whatever the browser believes: beats come every 15 s. */
const silenceMs = 40_000;

/** Wait before a refused line is asked for again. */
const retryMs = 5_000;

/** Longest wait for a fragment. */
const fragmentMs = 10_000;

let boot = '';
let heardMs = Date.now();
/** @type {EventSource | undefined} */
let source;
/** @type {number | undefined} */
let pending;
let isDrawing = false;
let wantsMore = false;

/** Listens for hints, redraws what the page shows, and says so when it cannot. */
export function addLive() {
  noteCards(false);
  if (liveAddress === undefined) return;
  connect();
  setInterval(() => {
    if (Date.now() - heardMs < silenceMs) return;
    setLink('lost', word('lost'));
    source?.close();
    connect();
  }, 5_000);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') redrawSoon();
  });
}

function connect() {
  heardMs = Date.now();
  source = new EventSource('/api/v1/events');
  source.addEventListener('hello', (event) => {
    const hello = heard(event);
    // Another process answers: its page token and files may differ from those of this page.
    if (boot !== '' && boot !== hello.boot) return location.reload();
    boot = hello.boot;
    setServerTime(hello.now);
    setLink('live', word('live'));
    redrawSoon();
  });
  source.addEventListener('beat', (event) => setServerTime(heard(event).now));
  source.addEventListener('status', (event) => {
    heard(event);
    redrawSoon();
  });
  source.addEventListener('card', (event) => {
    heard(event);
    redrawSoon();
  });
  source.addEventListener('error', () => {
    setLink('lost', word('lost'));
    if (source?.readyState !== EventSource.CLOSED) return;
    // Refused for good as far as the browser is concerned: too many pages, or signed out. Ask again by ourselves.
    setTimeout(() => {
      if (source?.readyState === EventSource.CLOSED) connect();
    }, retryMs);
  });
}

/** @param {Event} event */
function heard(event) {
  heardMs = Date.now();
  return event instanceof MessageEvent ? JSON.parse(event.data) : {};
}

export function redrawSoon() {
  if (pending !== undefined || liveAddress === undefined) return;
  pending = setTimeout(() => {
    pending = undefined;
    void redraw();
  }, gatherMs);
}

async function redraw() {
  if (isDrawing) {
    wantsMore = true;
    return;
  }
  isDrawing = true;
  try {
    const response = await fetch(liveAddress ?? '', { signal: AbortSignal.timeout(fragmentMs) });
    if (response.status === 401) return location.reload();
    if (!response.ok) return setLink('lost', word('blind'));
    const parsed = new DOMParser().parseFromString(await response.text(), 'text/html');
    const [old, fresh] = [byId('watch'), parsed.getElementById('watch')];
    if (old === undefined || fresh === null) return;
    morph(old, fresh);
    if (source?.readyState === EventSource.OPEN) setLink('live', word('live'));
    redrawTimes();
    noteCards(true);
  } catch {
    setLink('lost', word('lost'));
  } finally {
    isDrawing = false;
    if (wantsMore) {
      wantsMore = false;
      redrawSoon();
    }
  }
}

/**
 * @param {'live' | 'lost' | 'connecting'} state
 * @param {string} text
 */
function setLink(state, text) {
  const link = byId('link');
  const label = byId('link-text');
  if (link === undefined || label === undefined || label.textContent === text) return;
  link.dataset['state'] = state;
  document.body.classList.toggle('is-lost', state === 'lost');
  label.textContent = text;
}

/** @type {Map<string, string>} */
let known = new Map();

const title = document.title;

/**
 * Says what is new, counts open faults in the title, and colours the icon of the tab.
 * @param {boolean} aloud
 */
function noteCards(aloud) {
  const cards = [...document.querySelectorAll('.card[id]')].filter(
    (card) => card instanceof HTMLElement,
  );
  const open = cards.filter((card) => card.dataset['tone'] !== 'resolved');
  for (const card of aloud ? cards : []) {
    const before = known.get(card.id);
    const { tone = '', title: what = '' } = card.dataset;
    if (before === undefined && tone !== 'resolved') {
      announce(word('fresh').replace('{title}', what));
      card.classList.add('is-new');
    } else if (before !== undefined && before !== tone) {
      announce(word('changed').replace('{title}', what));
    }
  }
  known = new Map(cards.map((card) => [card.id, card.dataset['tone'] ?? '']));
  document.title = open.length > 0 ? `(${open.length}) ${title}` : title;
  const tones = new Set(open.map((card) => card.dataset['tone']));
  const worst = ['critical', 'warning', 'info', 'acknowledged'].find((tone) => tones.has(tone));
  const favicon = byId('favicon');
  const address = `/assets/favicon-${worst ?? 'quiet'}.svg`;
  if (favicon?.getAttribute('href') !== address) favicon?.setAttribute('href', address);
}
