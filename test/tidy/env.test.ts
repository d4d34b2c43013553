import { describe, expect, it } from 'vitest';
import { filesIn, read } from './sources.ts';

/** Variables of the system and of terminals; nobody sets them for the bot. */
const theSystems = [
  'FORCE_COLOR',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_MESSAGES',
  'NO_COLOR',
  'PATH',
  'TERM',
];

const explained = [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gmu)].map(
  (match) => match[1] ?? '',
);

const readInCode = filesIn('src', '.ts').flatMap((file) =>
  [...read(file).matchAll(/\benv(?:\.|\[')([A-Z][A-Z0-9_]*)/gu)].map((match) => match[1] ?? ''),
);

const configurations = ['nightkeeper.example.yaml', 'nightkeeper.compose.yaml'];
const inConfigurations = configurations.flatMap((file) =>
  [
    ...read(file)
      .replace(/^#.*$/gmu, '')
      .matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/gu),
  ].map((match) => match[1] ?? ''),
);

const used = new Set(
  [...readInCode, ...inConfigurations].filter((name) => !theSystems.includes(name)),
);

describe('.env.example', () => {
  it('names every variable that is read', () => {
    expect([...used].filter((name) => !explained.includes(name))).toEqual([]);
  });

  it('names none that nobody reads, and none twice', () => {
    expect(explained.filter((name) => !used.has(name))).toEqual([]);
    expect(new Set(explained).size).toBe(explained.length);
  });

  it('holds no secret', () => {
    const filled = [...read('.env.example').matchAll(/^(\w*(?:TOKEN|SECRET)\w*)=(.+)$/gmu)];

    expect(filled.map((match) => match[1])).toEqual([]);
  });
});

describe('the bot', () => {
  it('reads the environment: there is something to judge', () => {
    expect(readInCode).toContain('NIGHTKEEPER_URL');
    expect(inConfigurations).toContain('ADMIN_TOKEN');
  });
});
