import { describe, expect, it } from 'vitest';
import { filesIn, read } from './sources.ts';

/** Lines of a file before it needs a reason; functions are counted by the linter. */
const linesMax = 300;

/** Longer files, each with its reason. */
const reasons: Readonly<Record<string, string>> = {};

const long = [
  ...filesIn('src', '.ts'),
  ...filesIn('commands', '.ts'),
  ...filesIn('scripts', '.ts', '.mjs'),
].filter((file) => read(file).trimEnd().split('\n').length > linesMax);

describe('a file', () => {
  it(`of more than ${linesMax} lines has a reason`, () => {
    expect(long.filter((file) => reasons[file] === undefined)).toEqual([]);
  });

  it('that has a reason is still there, and still needs it', () => {
    expect(Object.keys(reasons).filter((file) => !long.includes(file))).toEqual([]);
  });
});
