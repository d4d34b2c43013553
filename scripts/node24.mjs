// Runs the tests on Node 24: `npm run test:node24 [-- files…]`. The binary comes from npm, into .cache.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', 'node24');
const name = `node-${process.platform}-${process.arch}`;
const node = join(folder, 'node_modules', name, 'bin', 'node');

if (!existsSync(node)) {
  process.stdout.write(`Fetching Node 24 from npm (${name}@24) into .cache/node24.\n`);
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `${name}@24`,
  ];
  const fetched = spawnSync('npm', args, { stdio: 'inherit' });
  if (fetched.status !== 0 || !existsSync(node)) {
    process.stderr.write(`There is no Node 24 for this machine on npm (${name}@24).\n`);
    process.exit(1);
  }
}

const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
process.stdout.write(`Testing on Node ${version}.\n`);
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const tested = spawnSync(node, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  // Programs that the tests start are to be run by the same Node.
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
});
process.exit(tested.status ?? 1);
