import { marked } from 'marked';
import { cardButtons, cardTexts } from '../../src/edges/dingtalk/template.ts';
import type { DingTalkMessage, DingTalkStandIn } from '../../test/servers/dingtalk.ts';

/** What one person sees in one conversation, as HTML. */
export function conversationHtml(
  dingtalk: DingTalkStandIn,
  conversation: string,
  userId: string,
): string {
  return dingtalk
    .messages(conversation)
    .map((message) => messageHtml(dingtalk, message, userId))
    .join('\n');
}

/** One message as one person sees it. */
export function messageHtml(
  dingtalk: DingTalkStandIn,
  message: DingTalkMessage,
  userId: string,
): string {
  const picture = dingtalk.tenant.media.get(message.params['photoURL'] ?? '');
  const body =
    message.kind === 'card'
      ? cardHtml({ ...message.params, answer: dingtalk.whisper(message, userId) })
      : picture !== undefined
        ? `<img alt="" src="data:image/png;base64,${picture.toString('base64')}">`
        : `<div class="text">${markdown(message.params['text'] ?? '')}</div>`;
  const called = message.at.map((id) => `<span class="at">@${escape(id)}</span>`).join(' ');
  return `<article data-id="${escape(message.id)}"><i class="face">N</i><div class="bubble">${body}${called}</div></article>`;
}

/** A card as the template of docs/dingtalk draws it: what is empty is not there. */
function cardHtml(params: Readonly<Record<string, string>>): string {
  const texts = cardTexts
    .filter((name) => !['kind', 'tone', 'title'].includes(name) && (params[name] ?? '') !== '')
    .map((name) => `<section class="${name}">${markdown(params[name] ?? '')}</section>`);
  const buttons = cardButtons
    .filter((name) => (params[name] ?? '') !== '')
    .map((name) => {
      const confirm = escape(params[`${name}_confirm`] ?? '');
      return `<button name="${name}" data-confirm="${confirm}">${escape(params[name] ?? '')}</button>`;
    });
  return `<div class="card ${escape(params['tone'] ?? '')}"><h2>${signs(escape(params['title'] ?? ''))}</h2>${texts.join('')}<footer>${buttons.join('')}</footer></div>`;
}

/** DingTalk's Markdown is a subset; what it does not know is text there. */
function markdown(text: string): string {
  return signs(marked.parse(text.replaceAll('<', '&lt;'), { async: false }));
}

/** Machines that take pictures seldom have a font with these. */
const drawn: Readonly<Record<string, string>> = {
  '🔴': '<b style="color:#d83931">●</b>',
  '🟠': '<b style="color:#e8912d">●</b>',
  '🔵': '<b style="color:#3b82c4">●</b>',
  '🟡': '<b style="color:#dba72b">●</b>',
  '🟢': '<b style="color:#2ea05f">●</b>',
  '✅': '<b style="color:#2ea05f">✔</b>',
  '❌': '<b style="color:#d83931">✘</b>',
  '❔': '<b style="color:#8f959e">?</b>',
};

function signs(html: string): string {
  return html.replaceAll(/[🔴🟠🔵🟡🟢✅❌❔]/gu, (sign) => drawn[sign] ?? sign);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** The page around conversations: it asks for them twice a second, and hands on what is pressed and written. */
export function pageHtml(
  language: string,
  names: { readonly group: string; readonly alone: string },
): string {
  return `${head(language)}
<main>
<div class="phone" data-place="group"><header>${names.group}</header><div class="list"></div><form><input placeholder="@Nightkeeper …"></form></div>
<div class="phone" data-place="alone"><header>${names.alone}</header><div class="list"></div><form><input></form></div>
</main>
<script type="module">
const post = (what) => fetch(location.href, { method: 'POST', body: JSON.stringify(what) });
const say = (place, text) => post({ kind: 'say', place, text });
for (const phone of document.querySelectorAll('.phone')) {
  const { place } = phone.dataset;
  phone.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const input = phone.querySelector('input');
    say(place, input.value);
    input.value = '';
  });
  phone.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    const link = event.target.closest('a[href^="dtmd:"]');
    if (button !== null) {
      const { confirm: question } = button.dataset;
      if (question !== '' && !confirm(question)) return;
      post({ kind: 'press', id: button.closest('article').dataset.id, button: button.name });
    }
    if (link !== null) {
      event.preventDefault();
      say(place, new URL(link.href).searchParams.get('content'));
    }
  });
}
async function look() {
  const seen = await (await fetch(location.pathname + '/seen')).json();
  for (const phone of document.querySelectorAll('.phone')) {
    const list = phone.querySelector('.list');
    if (list.dataset.html !== seen[phone.dataset.place]) list.innerHTML = list.dataset.html = seen[phone.dataset.place];
  }
}
setInterval(() => look().catch(() => undefined), 500);
look();
</script></html>`;
}

/** Looks of a card beside each other, each under its name. */
export function albumHtml(
  language: string,
  looks: readonly { readonly name: string; readonly html: string }[],
): string {
  const phones = looks.map(
    ({ name, html }) =>
      `<div class="phone"><header>${escape(name)}</header><div class="list">${html}</div></div>`,
  );
  return `${head(language)}<main class="album">${phones.join('')}</main></html>`;
}

function head(language: string): string {
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>DingTalk</title><style>${styles}</style>`;
}

const styles = `
body { margin: 0; font: 15px/1.5 system-ui, "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif; background: #e9ebf0; color: #171a1d; }
main { display: flex; gap: 16px; padding: 16px; align-items: flex-start; }
.phone { width: 410px; background: #f2f2f6; border-radius: 18px; overflow: hidden; box-shadow: 0 2px 14px #0002; }
.phone > header { padding: 12px 16px; background: #fff; font-weight: 600; text-align: center; border-bottom: 1px solid #0001; }
.list { padding: 12px; display: grid; gap: 12px; }
article { display: grid; grid-template-columns: 34px 1fr; gap: 8px; }
.face { width: 34px; height: 34px; border-radius: 10px; background: #007fff; color: #fff; display: grid; place-items: center; font-style: normal; }
.card, .text { background: #fff; border-radius: 12px; padding: 10px 14px; overflow-wrap: anywhere; }
.card { border-top: 4px solid #8f959e; } .critical { border-color: #d83931; } .warning { border-color: #e8912d; } .info { border-color: #3b82c4; }
.acknowledged { border-color: #dba72b; } .resolved { border-color: #2ea05f; }
h2 { font-size: 16px; margin: 2px 0 6px; } h3, h4 { font-size: 15px; margin: 2px 0 6px; } p { margin: 4px 0; }
.meta, .notice, .trend { color: #6b7079; font-size: 13px; } .answer { background: #eef5ff; border-radius: 8px; padding: 2px 10px; margin-top: 6px; }
article img { width: 100%; border-radius: 12px; }
.grid { font-size: 14px; } a { color: #007fff; text-decoration: none; } .at { color: #007fff; }
footer { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
button { font: inherit; padding: 5px 12px; border-radius: 8px; border: 1px solid #c9cdd4; background: #fff; color: #171a1d; }
button[name=ack] { background: #007fff; border-color: #007fff; color: #fff; } button[name=restart], button[name=approve] { color: #d83931; border-color: #d8393166; }
.album { flex-wrap: wrap; width: max-content; max-width: 1310px; }
@media (max-width: 860px) { main { flex-direction: column; align-items: stretch; padding: 8px; width: auto; } .phone { width: auto; } }
form { display: flex; padding: 10px 12px; gap: 8px; background: #fff; } input { flex: 1; font: inherit; padding: 6px 10px; border: 1px solid #c9cdd4; border-radius: 8px; }
`;
