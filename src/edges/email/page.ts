import type { GridRow, Tone } from '../../model/card.ts';
import type { Draft } from './draft.ts';

/** The bar above the card, and the same on a dark ground. */
const bars: Readonly<Record<Tone, string>> = {
  critical: '#d92d20',
  warning: '#e08600',
  info: '#4a6fa5',
  acknowledged: '#b58900',
  resolved: '#2e8b57',
};

const dots: Readonly<Record<GridRow['health'], string>> = {
  good: '#2e8b57',
  bad: '#d92d20',
  odd: '#8a8f98',
};

/** What a mail program that knows of dark grounds turns around; the others show the inline colours. */
const style = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.ground{background:#15171a!important}.card{background:#1f2328!important}
.ink{color:#e6e8eb!important}.dim{color:#a3a9b1!important}.code{background:#15171a!important;color:#d5d9de!important}
.link{color:#8ab4f8!important}}`;

const ink = 'color:#1d2126';
const dim = 'color:#5b626b';
const font =
  "font-family:-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',sans-serif";

/**
 * The HTML of a mail: one column, tables and inline styles, since mail programs know little else; nothing is loaded from outside.
 * Every text in it is escaped. Pure.
 */
export function pageOf(draft: Draft): string {
  return `<!doctype html>
<html lang="${escapeHtml(draft.language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(draft.title)}</title><style>${style}</style></head>
<body class="ground" style="margin:0;padding:0;background:#f2f3f5">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f3f5"><tr><td align="center" style="padding:12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;background:#ffffff;border-top:6px solid ${bars[draft.tone]}"><tr><td style="padding:16px;${font};font-size:15px;line-height:1.45">
${contentOf(draft)}
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

function contentOf(draft: Draft): string {
  const { said, title, meta, paragraphs, servers, lists, spark, links, closing } = draft;
  return [
    said === undefined ? '' : paragraph(`<strong>${broken(said)}</strong>`),
    `<h1 class="ink" style="margin:0 0 4px;font-size:19px;line-height:1.3;${ink}">${escapeHtml(title)}</h1>`,
    meta === ''
      ? ''
      : `<p class="dim" style="margin:0 0 12px;font-size:13px;${dim}">${escapeHtml(meta)}</p>`,
    ...paragraphs.map(({ label, text }) =>
      paragraph(
        `${label === undefined ? '' : `<strong>${escapeHtml(label)}</strong><br>`}${broken(text)}`,
      ),
    ),
    servers.rows.length === 0
      ? ''
      : heading(servers.label) +
        paragraph(
          servers.rows
            .map(
              ({ health, text }) =>
                `<span style="color:${dots[health]}">&#9679;</span> ${escapeHtml(text)}`,
            )
            .join('<br>'),
        ),
    ...lists.map(({ label, lines }) => heading(label) + code(lines)),
    spark === undefined ? '' : code([spark]),
    ...links.map(({ label, url }) =>
      paragraph(
        `<a class="link" style="color:#1a5fb4" href="${escapeHtml(url)}">${escapeHtml(label)}</a>`,
      ),
    ),
    `<p class="dim" style="margin:16px 0 0;font-size:12px;${dim}">${closing.map(broken).join('<br>')}</p>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function paragraph(html: string): string {
  return `<p class="ink" style="margin:0 0 12px;${ink}">${html}</p>`;
}

function heading(label: string): string {
  return `<h2 class="ink" style="margin:0 0 4px;font-size:15px;${ink}">${escapeHtml(label)}</h2>\n`;
}

function code(lines: readonly string[]): string {
  const text = lines.map(escapeHtml).join('<br>');
  return `<p class="code" style="margin:0 0 12px;padding:8px;background:#f2f3f5;${ink};font-family:Menlo,Consolas,monospace;font-size:13px;word-break:break-word">${text}</p>`;
}

function broken(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

/** A text as HTML shows it, inside of elements and of quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
