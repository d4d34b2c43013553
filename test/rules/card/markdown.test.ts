import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import {
  codeBlock,
  escapeMarkdown,
  markdownFacts,
  markdownTable,
} from '../../../src/rules/card/markdown.ts';

/** What a reader sees of a piece of Markdown: the text, with the elements that are in it. */
function html(markdown: string): string {
  return marked.parse(markdown, { async: false, gfm: true });
}

/** Letters that mean something to Markdown or HTML, in every role they have. */
const nasty = [
  '**bold** _em_ `code` ~~gone~~ $x$',
  '[click](https://evil.test) ![img](https://evil.test/x.png)',
  '<script>alert(1)</script> <b>x</b> &lt;i&gt;',
  'a | b || c',
  String.raw`back\slash \| and \*`,
  '# no heading',
  'two\nlines\r\n\r\n# of which one is a heading',
  '| --- | --- |',
];

describe('a text in Markdown', () => {
  it.each(nasty)('is shown as it is: %j', (text) => {
    const page = html(`- **Reason:** ${escapeMarkdown(text)}`);

    const shown = page
      .replaceAll(/<[^>]*>/gu, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
    expect(shown.trim()).toBe(`Reason: ${text.replaceAll(/[\r\n]+/gu, ' ')}`);
    expect(page.replaceAll(/<\/?(?:ul|li|strong)>/gu, '')).not.toMatch(/<[a-z]/u);
  });

  it.each(nasty)('stays in its cell of a table: %j', (text) => {
    const page = html(markdownTable(['Who', 'Why'], [[text, 'reason']]));

    expect(page.match(/<tr>/gu)).toHaveLength(2);
    expect(page.match(/<td>/gu)).toHaveLength(2);
    expect(page).not.toMatch(/<(?:script|b|img|a|em|code|del)\b/u);
  });

  it('is one item of a list for each fact', () => {
    expect(
      html(
        markdownFacts([
          ['State', 'open'],
          ['Why', nasty.join(' ')],
        ]),
      ).match(/<li>/gu),
    ).toHaveLength(2);
  });

  it.each(['```', '````\n```', '`', 'plain'])(
    'cannot end the block of code it stands in: %j',
    (text) => {
      const page = html(`${codeBlock([text, '# still code'])}\n\nafter`);

      expect(page.match(/<pre>/gu)).toHaveLength(1);
      expect(page).not.toContain('<h1>');
      expect(page).toContain('<p>after</p>');
    },
  );

  it('has no colours of a terminal', () => {
    expect(codeBlock(['\u001B[31mfailed\u001B[0m'])).toBe('```text\n [31mfailed [0m\n```');
  });
});
