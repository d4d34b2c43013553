import type { Picture, Reply, ReplyBlock } from '../../../model/reply.ts';
import { type Html, html, safeHref } from '../html.ts';
import { gridRows, plainCard, toneIcon } from './card.ts';
import type { PageContext } from './layout.ts';

/** An answer as the console shows it. A form is not drawn here: the page opens it as a dialogue. */
export function replyHtml(reply: Reply, context: PageContext): Html {
  return html`<div class="reply reply-${reply.outcome}">${reply.blocks.map((block) => blockHtml(block, context))}${(reply.pictures ?? []).map(pictureHtml)}</div>`;
}

function pictureHtml({ mediaType, base64, alt }: Picture): Html {
  return html`<img class="picture" src="data:${mediaType};base64,${base64}" alt="${alt}">`;
}

function blockHtml(block: ReplyBlock, context: PageContext): Html {
  switch (block.kind) {
    case 'text':
      return html`${block.text.split('\n\n').map((part) => html`<p class="text">${part}</p>`)}`;
    case 'facts':
      return html`<dl class="facts">${block.rows.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
    case 'table':
      return html`<div class="table-scroll" tabindex="0"><table><thead><tr>${block.head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${block.rows.map(
        (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`,
      )}</tbody></table></div>`;
    case 'grid':
      return html`<div class="reply-grid tone-${block.tone}"><h4><span class="tone">${toneIcon(block.tone)}</span>${block.title}</h4>${gridRows(block.rows)}</div>`;
    case 'card':
      return plainCard(block.card, context);
    case 'link':
      return html`<p class="text"><a href="${safeHref(block.url) ?? '#'}">${block.label}</a></p>`;
    case 'completions':
      return html`<p class="text">${block.title}</p><dl class="facts">${block.lines.map(({ line, hint }) => html`<dt><code>/zk ${line}</code></dt><dd>${hint}</dd>`)}</dl>`;
    case 'form':
      return html`<p class="text"><strong>${block.form.title}</strong></p>${block.form.lines.map((line) => html`<p class="text">${line}</p>`)}`;
  }
}
