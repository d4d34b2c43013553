import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Marked } from 'marked';
import { symptoms } from '../../model/diagnosis.ts';
import type { Language } from '../../model/person.ts';
import { slugOf } from '../../rules/card/slug.ts';
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

/**
 * Reads the page about what somebody may meet, which stands beside the folder of runbooks. Its sections have the same anchors in every
 * language: those that the doctor names.
 */
export async function readTroubleshooting(
  runbooks: string,
  language: Language,
): Promise<Runbook | undefined> {
  const name = language === 'en' ? 'troubleshooting.md' : `troubleshooting.${language}.md`;
  const text = await textOf(join(runbooks, '..', name));
  if (text !== undefined)
    return { text: markdownHtml(text.slice(0, runbookCharsMax), symptoms), language };
  return language === 'en' ? undefined : readTroubleshooting(runbooks, 'en');
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Markdown with its own HTML shown as text, no pictures, and links only to the web, to runbooks and to its own `sections`, in order. */
export function markdownHtml(text: string, sections: readonly string[] = []): Html {
  const titles = [...text.matchAll(/^## (.+)$/gmu)].map((match) => slugOf(match[1] ?? ''));
  let section = 0;
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text: raw }) => escapeHtml(raw),
      image: ({ text: instead }) => escapeHtml(instead),
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const id = depth === 2 ? sections[section] : undefined;
        if (depth === 2) section += 1;
        const anchor = id === undefined ? '' : ` id="${escapeHtml(id)}"`;
        return `<h${depth}${anchor}>${inner}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const address = addressOf(href, titles, sections);
        return address === undefined ? inner : `<a href="${escapeHtml(address)}">${inner}</a>`;
      },
    },
  });
  return trustedHtml(marked.parse(text, { async: false }));
}

function addressOf(
  href: string,
  titles: readonly string[],
  sections: readonly string[],
): string | undefined {
  const runbook = /^(?:\.\/)?(?:runbooks\/)?(?:zh-CN\/)?([a-z][a-z0-9-]*)\.md(?:#.*)?$/u.exec(
    href,
  )?.[1];
  if (runbook !== undefined) return `/runbooks/${runbook}`;
  if (!href.startsWith('#')) return safeHref(href);
  const id = sections[titles.indexOf(decodeURIComponent(href.slice(1)))];
  return id === undefined ? undefined : `#${id}`;
}
