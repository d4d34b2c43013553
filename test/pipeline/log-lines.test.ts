import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandExecutor } from '../../src/edges/executors/command.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import { logCharsMax, logLinesMax, logTimeoutMs, readLog } from '../../src/pipeline/log-lines.ts';
import { anEnsembleSettings, aServer } from '../support/builders.ts';

const zk2 = aServer({ id: 'zk2' });
const executor = createCommandExecutor(process.env);
let dir: string;
let logFile: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nightkeeper-log-'));
  logFile = join(dir, 'zk2.log');
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`);
  writeFileSync(logFile, `${lines.join('\n')}\n`);
});

afterEach(() => rmSync(dir, { recursive: true }));

function read(settings: Partial<EnsembleSettings>, executors = [executor]) {
  const house = { executor: (kind: string) => executors.find((each) => each.kind === kind) };
  return readLog(house, anEnsembleSettings(settings), zk2);
}

const restart = (log: readonly string[], on: readonly string[] = []) =>
  ({ restart: { kind: 'command', argv: ['true'], on, log, timeoutMs: 60_000 } }) as const;
const host = (change: object) =>
  ({ host: { kind: 'command', argv: [], everyMs: 60_000, timeoutMs: 20_000, ...change } }) as const;

describe('the log of a server', () => {
  it('is read to its last lines on the way a restart takes', async () => {
    const log = await read(restart(['tail', '-n', '{lines}', join(dir, '{server}.log')]));

    const lines = (log ?? '').trimEnd().split('\n');
    expect(lines).toHaveLength(logLinesMax);
    expect(lines.at(-1)).toBe('line 1000');
  });

  it('is read on the way the machine is looked at, where a restart knows none', async () => {
    const plain = { restart: { kind: 'command', argv: ['true'], timeoutMs: 60_000 } } as const;
    const own = { servers: { zk2: { logFile } } };

    expect(await read({ ...plain, ...host({ logFile }) })).toContain('line 1000');
    expect(await read({ ...plain, ...host(own) })).toContain('line 1000');
  });

  it.each<[string, Partial<EnsembleSettings>]>([
    ['nothing at all', {}],
    ['only how the machine is looked at', host({})],
    ['only how a restart goes', { restart: { kind: 'command', argv: ['true'], timeoutMs: 1 } }],
  ])('is not asked for when the configuration tells %s', async (_, settings) => {
    expect(await read(settings)).toBeUndefined();
  });

  it('is cut where its lines are long', async () => {
    writeFileSync(logFile, `${'x'.repeat(2 * logCharsMax)}\nthe end\n`);

    const log = await read(restart(['tail', '-n', '{lines}', logFile]));

    expect(log).toHaveLength(logCharsMax);
    expect(log?.endsWith('the end\n')).toBe(true);
  });

  it('that cannot be read says why', async () => {
    const log = await read(restart(['tail', '-n', '{lines}', join(dir, 'none')]));

    expect(log).toMatch(/^no answer: failed, tail: .*No such file/u);
  });

  it('of a machine that hangs is not waited for', async () => {
    const startedMs = performance.now();

    const log = await read(restart(['sleep', '60']));

    expect(log).toBe('no answer: timeout');
    expect(performance.now() - startedMs).toBeLessThan(logTimeoutMs + 15_000);
  }, 40_000);
});
