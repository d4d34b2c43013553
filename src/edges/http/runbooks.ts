import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Marked } from 'marked';
import { escapeHtml, type Html, safeHref, trustedHtml } from './html.ts';

/** Characters of a runbook that are drawn: a page is a few thousand. */
export const runbookCharsMax = 100_000;

/** Reads a detector's runbook from the project's own folder. Undefined where there is none; no other path can be asked for. */
export async function runbookHtml(directory: string, detector: string): Promise<Html | undefined> {
  if (!/^[a-z][a-z0-9-]{0,59}$/u.test(detector)) return undefined;
  try {
    const text = await readFile(join(directory, `${detector}.md`), 'utf8');
    return markdownHtml(text.slice(0, runbookCharsMax));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Markdown with its own HTML shown as text, no pictures, and links only to the web and to other runbooks. */
export function markdownHtml(text: string): Html {
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text: raw }) => escapeHtml(raw),
      image: ({ text: instead }) => escapeHtml(instead),
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const runbook = /^(?:\.\/)?([a-z][a-z0-9-]*)\.md(?:#.*)?$/u.exec(href)?.[1];
        const address = runbook === undefined ? safeHref(href) : `/runbooks/${runbook}`;
        return address === undefined ? inner : `<a href="${escapeHtml(address)}">${inner}</a>`;
      },
    },
  });
  return trustedHtml(marked.parse(text, { async: false }));
}
