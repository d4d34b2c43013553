import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Marked } from 'marked';
import type { Language } from '../../model/person.ts';
import { escapeHtml, type Html, safeHref, trustedHtml } from './html.ts';

/** Characters of a runbook that are drawn: a page is a few thousand. */
export const runbookCharsMax = 100_000;

export interface Runbook {
  readonly text: Html;
  /** The language it is written in: English where there is no other. */
  readonly language: Language;
}

/**
 * Reads a detector's runbook from the project's own folder; other languages than English have a folder of their own in it.
 * Undefined where there is none; no other path can be asked for.
 */
export async function readRunbook(
  directory: string,
  detector: string,
  language: Language,
): Promise<Runbook | undefined> {
  if (!/^[a-z][a-z0-9-]{0,59}$/u.test(detector)) return undefined;
  const folder = language === 'en' ? directory : join(directory, language);
  const text = await textOf(join(folder, `${detector}.md`));
  if (text !== undefined) return { text: markdownHtml(text.slice(0, runbookCharsMax)), language };
  return language === 'en' ? undefined : readRunbook(directory, detector, 'en');
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
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
