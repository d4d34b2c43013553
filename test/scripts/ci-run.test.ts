import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../tidy/sources.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightkeeper-ci-'));
  mkdirSync(join(folder, '.ci'));
  cpSync(join(root, '.ci', 'run'), join(folder, '.ci', 'run'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `.ci/run` where `npm test` does what the script says. */
function run(npm: string) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh\n[ "$*" = test ] || exit 99\nmkdir -p .cache\n${npm}\n`,
  );
  chmodSync(join(bin, 'npm'), 0o755);
  const path = [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
  const done = spawnSync(join(folder, '.ci', 'run'), {
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  });
  return { code: done.status, last: done.stdout.trimEnd().split('\n').at(-1) };
}

function report(counts: object): string {
  const whole = {
    success: true,
    numPassedTests: 12,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 1,
    ...counts,
  };
  return `echo '${JSON.stringify(whole)}' > .cache/tests.json`;
}

describe('.ci/run', () => {
  it('runs npm test alone and ends with the counts', () => {
    expect(run(`echo noise; ${report({})}`)).toEqual({
      code: 0,
      last: 'tests: 12 passed, 0 failed, 2 skipped',
    });
  });

  it('ends as the tests end', () => {
    expect(run(`${report({ success: false, numFailedTests: 3 })}; exit 7`)).toEqual({
      code: 7,
      last: 'tests: 12 passed, 3 failed, 2 skipped',
    });
  });

  it('counts a file that does not even load', () => {
    const { last } = run(`${report({ success: false })}; exit 1`);

    expect(last).toBe('tests: 12 passed, 1 failed, 2 skipped');
  });

  it('fails when there is nothing to count, even if npm says it is fine', () => {
    expect(run('exit 0').code).toBe(1);
  });
});
