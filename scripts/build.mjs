// Builds dist/: compiles with tsc and copies what is read at run time. `npm run build`
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Read at run time from the same place relative to the code, built or not. */
const copied = [
  'package.json',
  'docs/runbooks',
  'docs/troubleshooting.md',
  'docs/troubleshooting.zh-CN.md',
];

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const path of copied) {
  if (existsSync(join(root, path))) cpSync(join(root, path), join(dist, path), { recursive: true });
}
// Lua files, style sheets, scripts and pictures of the console.
cpSync(join(root, 'src'), join(dist, 'src'), {
  recursive: true,
  filter: (file) => statSync(file).isDirectory() || !file.endsWith('.ts'),
});
chmodSync(join(dist, 'src', 'app', 'cli.js'), 0o755);
