import { type Json, listOf, objectOf, stringOf } from '../../test/servers/slack/blocks.ts';
import type { SlackStandIn } from '../../test/servers/slack.ts';
import { styles } from './styles.ts';

/** What one person sees in Slack: the channel, the thread of its newest card, their own page and the modal in front. */
export function seenBy(slack: SlackStandIn, channel: string, user: string) {
  const messages = slack.channel(channel).messages;
  const card = messages.findLast(({ replies }) => replies.length > 0) ?? messages.at(-1);
  const whispers = slack
    .ephemerals(user)
    .filter((one) => one.channel === channel)
    .slice(-3);
  const modal = slack.modals(user).at(-1);
  const home = slack.workspace.homes.get(user);
  return {
    channel: [
      ...messages.slice(-4).map((message) => messageHtml(slack, message.raw, message.ts)),
      ...whispers.map((one) => messageHtml(slack, one.raw, one.ts, 'Only visible to you')),
    ].join('\n'),
    thread: (card?.replies ?? []).map((one) => messageHtml(slack, one.raw, one.ts)).join('\n'),
    home: home === undefined ? '' : blocksHtml(listOf(home.raw['blocks'])),
    modal: modal === undefined ? '' : modalHtml(modal.raw),
  };
}

const head = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Slack</title><style>${styles}</style>`;

/** Looks of a card beside each other, each under its name. */
export function albumHtml(
  looks: readonly { readonly name: string; readonly html: string }[],
): string {
  const panes = looks.map(
    ({ name, html }) =>
      `<section class="pane"><header>${escape(name)}</header><div class="scroll">${html}</div></section>`,
  );
  return `${head}<main class="album">${panes.join('')}</main>`;
}

/** The page: it asks for what is seen twice a second, and sends what is pressed. */
export function pageHtml(channel: string): string {
  return `${head}
<main>
<section class="pane"><header># ${escape(channel)}</header><div class="scroll" data-place="channel"></div><form><input name="line" placeholder="/zk status" autocomplete="off"></form></section>
<section class="pane"><header>Thread</header><div class="scroll" data-place="thread"></div><header><button data-kind="home">Home</button></header><div class="scroll" data-place="home"></div></section>
<section class="pane modal-pane"><div data-place="modal"></div></section>
</main>
<script>
const shown = {};
const send = (what) => fetch(location.pathname, { method: 'POST', body: JSON.stringify(what) });
setInterval(async () => {
  const seen = await (await fetch(location.pathname + '/seen')).json();
  for (const [place, html] of Object.entries(seen)) {
    if (shown[place] === html) continue;
    shown[place] = html;
    document.querySelector('[data-place=' + place + ']').innerHTML = html;
  }
}, 300);
document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button === null) return;
  event.preventDefault();
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
  const modal = button.closest('.modal');
  const values = Object.fromEntries(modal === null ? [] : new FormData(modal));
  send({ kind: button.dataset.kind, ts: button.closest('[data-ts]')?.dataset.ts, label: button.textContent, values });
});
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = event.target.elements.line;
  send({ kind: 'line', text: input.value });
  input.value = '';
});
</script>`;
}

/** One message. */
export function messageHtml(slack: SlackStandIn, raw: Json, ts: string, note = ''): string {
  const attachments = listOf(raw['attachments']).map(
    (one) =>
      `<div class="attachment" style="border-color:${escape(stringOf(one['color'], '#ddd'))}">${blocksHtml(listOf(one['blocks']))}</div>`,
  );
  const hasBlocks = listOf(raw['blocks']).length > 0;
  const text = hasBlocks || attachments.length > 0 ? '' : mrkdwn(stringOf(raw['text']));
  const files = listOf(raw['files']).map(({ id, alt_txt }) => {
    const bytes = slack.workspace.files.get(String(id))?.bytes;
    return bytes === undefined
      ? ''
      : `<img alt="${escape(stringOf(alt_txt))}" src="data:image/png;base64,${bytes.toString('base64')}">`;
  });
  const said = note === '' ? '' : `<small>${note}</small>`;
  return `<article data-ts="${ts}"><i class="face">N</i><div class="body"><b>nightkeeper</b> <span class="app">APP</span>${said}<p>${text}</p>${blocksHtml(listOf(raw['blocks']))}${attachments.join('')}${files.join('')}</div></article>`;
}

function blocksHtml(blocks: readonly Json[]): string {
  return blocks.map(blockHtml).join('\n');
}

function blockHtml(block: Json): string {
  switch (block['type']) {
    case 'header':
      return `<h3>${escape(textOf(block['text']))}</h3>`;
    case 'section':
      return `<div class="section">${mrkdwn(textOf(block['text']))}</div>`;
    case 'context':
      return `<div class="context">${listOf(block['elements'])
        .map((one) => mrkdwn(textOf(one)))
        .join(' ')}</div>`;
    case 'actions':
      return `<div class="actions">${listOf(block['elements']).map(elementHtml).join('')}</div>`;
    case 'input':
      return inputHtml(block);
    default:
      return '';
  }
}

function elementHtml(element: Json): string {
  if (element['type'] === 'overflow') {
    const options = listOf(element['options']).map(
      (option) => `<button data-kind="click">${escape(textOf(option['text']))}</button>`,
    );
    return `<details class="overflow"><summary>⋯</summary><div>${options.join('')}</div></details>`;
  }
  const confirm = textOf(objectOf(element['confirm'])['text']);
  return `<button data-kind="click" class="${escape(stringOf(element['style'], 'plain'))}" data-confirm="${escape(confirm)}">${escape(textOf(element['text']))}</button>`;
}

function inputHtml(block: Json): string {
  const element = objectOf(block['element']);
  const name = escape(stringOf(element['action_id']));
  const label = `<label>${escape(textOf(block['label']))}${block['optional'] === true ? ' <small>(optional)</small>' : ''}</label>`;
  const options = listOf(element['options']);
  const initial = stringOf(objectOf(element['initial_option'])['value']);
  switch (element['type']) {
    case 'static_select':
      return `${label}<select name="${name}">${options
        .map(({ value, text }) => {
          const selected = value === initial ? ' selected' : '';
          return `<option value="${escape(String(value))}"${selected}>${escape(textOf(text))}</option>`;
        })
        .join('')}</select>`;
    case 'datetimepicker':
      return `${label}<input type="datetime-local" name="${name}">`;
    case 'checkboxes':
      return `${label}${options.map(({ value, text }) => `<label class="box"><input type="checkbox" name="${name}" value="${escape(String(value))}">${escape(textOf(text))}</label>`).join('')}`;
    default:
      return `${label}<textarea name="${name}">${escape(stringOf(element['initial_value']))}</textarea>`;
  }
}

function modalHtml(view: Json): string {
  const submit = textOf(view['submit']);
  const buttons = [
    `<button data-kind="dismiss">${escape(textOf(view['close']))}</button>`,
    ...(submit === ''
      ? []
      : [`<button data-kind="submit" class="primary">${escape(submit)}</button>`]),
  ];
  return `<form class="modal"><header>${escape(textOf(view['title']))}</header>${blocksHtml(listOf(view['blocks']))}<footer>${buttons.join('')}</footer></form>`;
}

function textOf(value: unknown): string {
  return stringOf(objectOf(value)['text']);
}

/** Slack's own markup; its texts come escaped. */
function mrkdwn(text: string): string {
  return text
    .split(/(```[\s\S]*?```)/u)
    .map((part) =>
      part.startsWith('```')
        ? `<pre>${part.slice(3, -3).replace(/^\n|\n$/gu, '')}</pre>`
        : signs(
            part
              .replaceAll(/<!date\^(\d+)\^[^|>]*\|([^>]*)>/gu, (_, at: string) =>
                dateOf(Number(at)),
              )
              .replaceAll(/<@(\w+)>/gu, '<span class="mention">@$1</span>')
              .replaceAll(/<(https?:[^|>]+)\|([^>]*)>/gu, '<a href="$1">$2</a>')
              .replaceAll(/`([^`\n]+)`/gu, '<code>$1</code>')
              .replaceAll(/(^|[\s(])\*([^*\n]+)\*/gu, '$1<b>$2</b>')
              .replaceAll('\n', '<br>'),
          ),
    )
    .join('');
}

/** As Slack shows `{date_short_pretty} {time}` of this day. */
function dateOf(seconds: number): string {
  const time = new Date(seconds * 1000).toLocaleTimeString('en-GB', { timeStyle: 'short' });
  return `Today ${time}`;
}

/** Machines that take pictures seldom have a font with these. */
const drawn: Readonly<Record<string, string>> = {
  '🔴': '<b style="color:#d83931">●</b>',
  '🟠': '<b style="color:#e8912d">●</b>',
  '🔵': '<b style="color:#3b82c4">●</b>',
  '🟡': '<b style="color:#dba72b">●</b>',
  '🟢': '<b style="color:#2ea05f">●</b>',
  '⚠️': '<b style="color:#e8912d">▲</b>',
};

function signs(html: string): string {
  return html.replaceAll(/🔴|🟠|🔵|🟡|🟢|⚠️/gu, (sign) => drawn[sign] ?? sign);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
