import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { type DiagnosisCode, diagnose, diagnoses, symptoms } from '../../src/model/diagnosis.ts';
import type { Facts } from '../../src/model/finding.ts';
import { troubleText } from '../../src/rules/card/doctor-card.ts';
import { slugOf } from '../../src/rules/card/slug.ts';
import { words } from '../../src/rules/card/words/words.ts';
import { whitelistLine } from '../../src/rules/survey/not-seen.ts';
import { filesIn, read, root } from './sources.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesIn('docs', '.md')] as const;

const scripts = Object.keys(
  (JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> })
    .scripts,
);

/** Paths that a page names, in links and in `code`, as paths from the root. */
function pathsIn(page: string): readonly string[] {
  const text = read(page);
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/gu)].map((match) =>
    normalize(join(dirname(page), match[1] ?? '')),
  );
  const quoted = [...text.matchAll(/`((?:src|docs|test|commands|scripts|bench)\/[\w./-]+)`/gu)].map(
    (match) => match[1] ?? '',
  );
  return [...links, ...quoted];
}

describe('a document', () => {
  it.each(pages)('%s names only paths that exist', (page) => {
    expect(pathsIn(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(pages)('%s names only npm scripts that exist', (page) => {
    const named = [...read(page).matchAll(/npm run ([\w:-]+)/gu)].map((match) => match[1] ?? '');

    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('names paths: there is something to judge', () => {
    expect(pathsIn('README.md').length).toBeGreaterThan(10);
    expect(pathsIn('docs/architecture.md').length).toBeGreaterThan(5);
  });
});

describe('docs/runbooks', () => {
  it.each(['docs/runbooks', 'docs/runbooks/zh-CN'])('%s has a page for each fault', (folder) => {
    const pagesHere = filesIn(folder, '.md').filter((file) => dirname(file) === folder);

    expect(new Set(pagesHere.map((file) => basename(file, '.md')))).toEqual(
      new Set(Object.keys(words('en').detectors.faults)),
    );
    for (const file of pagesHere)
      expect(read(file)).toMatch(new RegExp(`^# ${basename(file, '.md')}[:：]`, 'u'));
  });

  it('says in both languages the line that a server needs', () => {
    const line = /4lw\.commands\.whitelist=[\w,]+/u;
    const shown = line.exec(read('src/rules/detect/probe-degraded.ts'))?.[0];

    expect(shown).toBeDefined();
    for (const page of [
      'README.md',
      'docs/runbooks/probe-degraded.md',
      'docs/runbooks/zh-CN/probe-degraded.md',
    ])
      expect(line.exec(read(page))?.[0]).toBe(shown);
  });
});

describe('docs/troubleshooting.md', () => {
  it.each([
    ['en', 'docs/troubleshooting.md'],
    ['zh-CN', 'docs/troubleshooting.zh-CN.md'],
  ] as const)(
    'has a section for each symptom that the doctor names, in order (%s)',
    (language, page) => {
      const { symptom, title } = words(language).doctor;
      const text = read(page);

      expect(text).toMatch(new RegExp(`^# ${title}\n`, 'u'));
      expect([...text.matchAll(/^## (.+)$/gmu)].map((match) => match[1])).toEqual(
        symptoms.map((each) => symptom[each]),
      );
    },
  );

  it.each(['docs/troubleshooting.md', 'docs/troubleshooting.zh-CN.md'])(
    '%s names the line that a server needs, and every code of a chat that the doctor asks for',
    (page) => {
      const text = read(page);

      expect(text).toContain(whitelistLine);
      for (const code of [
        'not_in_channel',
        'missing_scope',
        'invalid_auth',
        'account_inactive',
        '310000',
        '410100',
      ])
        expect(text).toContain(code);
    },
  );
});

describe('what the doctor finds', () => {
  const troubles = Object.entries(diagnoses).filter(([, [, outcome]]) => outcome !== 'ok');

  it.each(['en', 'zh-CN'] as const)('comes with what to do about it (%s)', (language) => {
    const { checks } = words(language).doctor;
    const silent = troubles.filter(([code]) => (saidOf(checks, code).next ?? '') === '');

    expect(silent.map(([code]) => code)).toEqual([]);
  });

  it.each([
    ['en', 'docs/troubleshooting.md'],
    ['zh-CN', 'docs/troubleshooting.zh-CN.md'],
  ] as const)('is quoted (_so_) in its section of the page (%s)', (language, page) => {
    const { checks, symptom: titles } = words(language).doctor;
    const sections = new Map(
      read(page)
        .split(/^## /mu)
        .map((section) => [section.split('\n', 1)[0] ?? '', section]),
    );
    const missing = troubles.flatMap(([code, [, , symptom]]) => {
      const { text } = saidOf(checks, code);
      const title = symptom === undefined ? '' : titles[symptom];
      const isThere = quotesIn(sections.get(title) ?? '').some((quote) => says(text, quote));
      return isThere ? [] : [`${title}: ${text} (${code})`];
    });

    expect(missing).toEqual([]);
  });

  it.each([
    ['en', 'docs/troubleshooting.md'],
    ['zh-CN', 'docs/troubleshooting.zh-CN.md'],
  ] as const)('leads to a section that is there (%s)', (language, page) => {
    const slugs = [...read(page).matchAll(/^## (.+)$/gmu)].map((match) => slugOf(match[1] ?? ''));
    const said = words(language);
    const settings = { ensembles: [] };

    for (const [code] of troubles) {
      const diagnosis = diagnose(code as DiagnosisCode, '', factsOf(code));
      const told = troubleText(diagnosis, { language, settings }, said);
      const [, path, anchor] = /[(（](docs\/[\w.-]+)#([^)）]+)[)）]/u.exec(told) ?? [];
      expect(path).toBe(page);
      expect(slugs).toContain(anchor);
    }
  });
});

/** Enough for every check to say its words. */
const exampleFacts: Facts = {
  finding: 'redis-append-only',
  why: 'token',
  what: 'sudo',
  error: 'x',
};

function factsOf(code: string): Facts {
  if (code === 'zk-not-walked') return { what: 'tree', why: 'no-crawl' };
  return code === 'zk-not-seen' ? { what: 'words', why: 'words' } : exampleFacts;
}

function saidOf(
  checks: ReturnType<typeof words>['doctor']['checks'],
  code: string,
): { readonly text: string; readonly next?: string } {
  return checks[code as DiagnosisCode](factsOf(code));
}

/** What stands in italics. */
function quotesIn(section: string): readonly string[] {
  return [...section.matchAll(/(?<!\w)_([^_]{2,}?)_(?!\w)/gu)].map((match) =>
    (match[1] ?? '').replaceAll('\n  ', ' '),
  );
}

/** Whether a text says a quote, in which `…` stands for anything. */
function says(text: string, quote: string): boolean {
  let at = 0;
  for (const piece of quote.replaceAll('\\', '').split(/…|#ops/u)) {
    const found = text.indexOf(piece.trim(), at);
    if (found < 0) return false;
    at = found + piece.trim().length;
  }
  return quote.replaceAll(/[…\s]/gu, '').length >= 3;
}

describe('docs/errors.md', () => {
  const source = read('src/model/errors.ts');
  const union = source.slice(source.indexOf('export type ErrorCode'));
  const codes = [...union.slice(0, union.indexOf(';')).matchAll(/'([a-z-]+)'/gu)].map(
    (match) => match[1] ?? '',
  );
  const explained = [...read('docs/errors.md').matchAll(/^## ([a-z-]+)\n\n(\S.*)/gmu)].map(
    (match) => match[1] ?? '',
  );

  it('has a paragraph for each code, and for none that is not there', () => {
    expect(codes.length).toBeGreaterThan(10);
    expect(explained).toEqual(codes);
  });
});

describe('docs/configuration.md', () => {
  it('has a section for each part of the configuration', () => {
    const page = read('docs/configuration.md');
    const missing = Object.keys(configSchema.shape).filter((key) => !page.includes(`\`${key}\``));

    expect(missing).toEqual([]);
  });
});

describe('CHANGELOG.md', () => {
  it('speaks of the version that is built', () => {
    const { version } = JSON.parse(read('package.json')) as { readonly version: string };

    expect(read('CHANGELOG.md')).toContain(`## ${version}\n`);
  });

  it('says of each line what kind it is', () => {
    const lines = read('CHANGELOG.md')
      .split('\n')
      .filter((line) => line.startsWith('- '));

    expect(
      lines.filter((line) => !/^- (?:CHANGE|FEATURE|ENHANCEMENT|BUGFIX): /u.test(line)),
    ).toEqual([]);
  });
});
