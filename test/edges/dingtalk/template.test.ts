import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cardButtons,
  cardTexts,
  confirmedButtons,
  pressParameter,
} from '../../../src/edges/dingtalk/template.ts';

const pages = ['docs/dingtalk/card-template.md', 'docs/dingtalk/card-template.zh-CN.md'];

describe.each(pages)('the table of the card template in %s', (file) => {
  const page = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

  it('names every text the bot fills in', () => {
    expect(cardTexts.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
  });

  it.each(cardButtons)('has the button %s with its label and its parameter', (name) => {
    const row = page
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` `) && line.includes('press'));

    expect(row).toContain(`\`\${${name}}\``);
    expect(row).toContain(`\`\${${name}_press}\``);
    expect(row?.includes(`\${${name}_confirm}`)).toBe(confirmedButtons.includes(name));
    expect(page).toContain(`\`${pressParameter}\``);
  });
});
