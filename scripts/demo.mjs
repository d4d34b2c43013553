// `npm run demo`: makes the machine ready, builds, and hands over to the demo itself (scripts/demo.ts).
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const step of [['prepare.mjs', 'demo'], ['build.mjs']]) {
  const [file = '', ...args] = step;
  const done = spawnSync(process.execPath, [join(root, 'scripts', file), ...args], {
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

const demo = spawn(
  process.execPath,
  [join(root, 'dist', 'scripts', 'demo.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: root },
);
// Ctrl-C reaches the demo by itself; a signal to this process alone is passed on, so that nothing stays behind.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => demo.kill(signal));
demo.on('exit', (code) => process.exit(code ?? 1));
