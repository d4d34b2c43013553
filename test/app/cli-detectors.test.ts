import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectors } from '../../src/app/catalog.ts';
import { listDetectors } from '../../src/app/cli-detectors.ts';
import { aTerminal } from '../support/terminal.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-detectors-'));
  file = join(folder, 'nightkeeper.yaml');
  await writeFile(
    file,
    [
      'redis: { url: "redis://localhost:6379" }',
      'ensembles:',
      '  orders:',
      '    servers: [a:2181, b:2181, c:2181]',
      '    thresholds:',
      '      fsync-slow: { warnMs: 250, holdMs: 120000 }',
      '  users: { servers: [d:2181] }',
    ].join('\n'),
  );
});

afterEach(() => rm(folder, { recursive: true }));

/** Columns a terminal shows: Chinese letters take two. */
function columns(line: string): number {
  return Array.from(line).reduce(
    (sum, letter) => sum + (/[\u3000-\uffef]/u.test(letter) ? 2 : 1),
    0,
  );
}

describe('nightkeeper detectors', () => {
  it('lists every detector with severity, hold, thresholds and where they come from', async () => {
    const terminal = aTerminal();

    expect(await listDetectors({ json: false }, terminal.io, detectors)).toBe(0);

    for (const { name } of detectors) expect(terminal.out()).toMatch(new RegExp(`^${name} `, 'mu'));
    expect(terminal.out()).toMatch(/^fsync-slow +Warning +1 min +.*holdMs=60000 /mu);
    expect(terminal.out()).toContain('[zookeeper] documents, alert file and sources of ZooKeeper');
  });

  it.each([{}, { LANG: 'zh_CN.UTF-8' }])('fits a hundred columns: %j', async (env) => {
    const terminal = aTerminal({ env });

    await listDetectors({ json: false, config: file, ensemble: 'orders' }, terminal.io, detectors);

    expect(
      terminal
        .out()
        .split('\n')
        .filter((line) => columns(line) > 100),
    ).toEqual([]);
  });

  it('marks what the configuration changed, and shows only that beside the defaults', async () => {
    const terminal = aTerminal();

    await listDetectors({ json: false, config: file }, terminal.io, detectors);

    const [, own = ''] = terminal.out().split('Ensemble orders');
    expect(own).toMatch(/fsync-slow +Warning +2 min/u);
    expect(own).toContain('warnMs=250* (100)');
    expect(own).not.toContain('latency-high');
    expect(terminal.out()).not.toContain('Ensemble users');
  });

  it('answers as JSON with values and defaults', async () => {
    const terminal = aTerminal();

    await listDetectors({ json: true, config: file, ensemble: 'orders' }, terminal.io, detectors);

    const [list] = JSON.parse(terminal.out()) as readonly {
      readonly ensemble: string;
      readonly rows: readonly { readonly name: string }[];
    }[];
    expect(list?.ensemble).toBe('orders');
    expect(list?.rows).toHaveLength(detectors.length);
    expect(list?.rows.find(({ name }) => name === 'fsync-slow')).toMatchObject({
      severity: 'warn',
      holdMs: 120_000,
      thresholds: expect.arrayContaining([
        { name: 'warnMs', value: 250, default: 100, overridden: true },
        { name: 'pageMs', value: 1000, default: 1000, overridden: false },
      ]),
      sources: ['schema.ai', 'zookeeper', 'measured'],
    });
  });

  it.each([
    ['an ensemble that is not there', { ensemble: 'ordres' }, 'There are: orders, users'],
    ['an ensemble without a file', { ensemble: 'orders', config: undefined }, '--config'],
  ])('says what is wrong with %s', async (_, asked, words) => {
    const terminal = aTerminal();
    const { config, ...rest } = { config: file, ...asked };

    const code = await listDetectors(
      { json: false, ...rest, ...(config !== undefined && { config }) },
      terminal.io,
      detectors,
    );

    expect(code).toBe(1);
    expect(terminal.err()).toContain(words);
  });

  it('names the faults of a file that cannot be used', async () => {
    const terminal = aTerminal();
    await writeFile(
      file,
      'ensembles: { o: { servers: [a:1], thresholds: { fsync-slo: { a: 1 } } } }',
    );

    expect(await listDetectors({ json: false, config: file }, terminal.io, detectors)).toBe(1);
    expect(terminal.err()).toContain('fsync-slow');
  });
});
