import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNot } from '../../bench/faults/namespaces.ts';
import type { Result } from '../../bench/faults/trial.ts';

/** Built by `npm test`; it runs the bot as it is built, in a network of its own. */
const bench = join(import.meta.dirname, '../../dist/bench/faults.js');
const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-partition-'));
const reason = whyNot();

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** One fault of `npm run bench:faults`: servers in namespaces of their own, the bot and a load. */
async function happen(fault: string): Promise<Result> {
  if (statSync(bench, { throwIfNoEntry: false }) === undefined)
    throw new Error('the bench is not built. Run: node scripts/build.mjs');
  const file = join(dir, 'result.json');
  const argv = [bench, '--only', fault, '--json', file];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  await new Promise((resolve) => child.once('exit', resolve));
  if (statSync(file, { throwIfNoEntry: false }) === undefined) throw new Error(printed);
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: readonly Result[] };
  const [result] = results;
  if (result === undefined) throw new Error(printed);
  return result;
}

describe('a follower whose cable is pulled', () => {
  it.skipIf(reason !== undefined)(
    `is named as unreachable, on one card that calls people and ends${reason === undefined ? '' : ` (skipped: ${reason})`}`,
    async (context) => {
      const result = await happen('partition of a follower');
      context.skip(result.skipped !== undefined, result.skipped);

      expect(result).toMatchObject({ recognised: true, located: true, wrong: [] });
      expect(result.cards).toEqual([expect.stringContaining('member-unreachable')]);
      expect(result.pageMs).toBeGreaterThan(0);
      expect(result.resolvedMs).toBeGreaterThanOrEqual(0);
      expect(result).not.toHaveProperty('error');
    },
    240_000,
  );
});
