// Makes a fresh clone ready: `node scripts/prepare.mjs test` or `… demo`. Plain Node, because nothing is installed yet.
// Says what it is going to install before it does; exits 1 with the exact remedy when it cannot. Under a second when all is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { find, occasions, tools } from './tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Vitest and the libraries want `require` of ES modules, which Node has since this version. */
const nodeMin = [20, 19];

/** Longest an installation may take: Chromium is 300 MB over a slow line. */
const installMsMax = 10 * 60_000;

main(process.argv[2] ?? 'test');

function main(occasion) {
  const needed = occasions[occasion];
  if (needed === undefined)
    fail(`There is no occasion "${occasion}"; known: ${Object.keys(occasions).join(', ')}`);
  checkNode();
  installPackages();
  installTools(needed.map((name) => tools[name]).filter((tool) => !tool.present()));
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  fail(
    `Node ${process.versions.node} is too old: Nightkeeper needs ${nodeMin.join('.')} or newer.\n` +
      'Install a current Node from https://nodejs.org/en/download and run this again.',
  );
}

/**
 * Installs what package-lock.json names, unless node_modules holds just that. Not `npm ci`: it refuses a lock that was written where
 * the registry has no builds for other systems, and this one must serve everywhere.
 */
function installPackages() {
  if (packagesAreCurrent()) return;
  say('Installing the npm packages of package-lock.json (npm install).');
  const done = run('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
  });
  if (!done) fail('npm install failed. Mend what it says above, then run this again.');
}

function packagesAreCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      present[path]?.version === entry.version ||
      // Builds for other systems are named in the lock and rightly absent.
      (entry.optional === true && present[path] === undefined),
  );
}

function installTools(missing) {
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((tool) => tool.packages))];
  const list = missing.map((tool) => `  - ${tool.words}`).join('\n');
  const aptLine = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (find('apt-get') === undefined)
    fail(
      `Missing on this machine:\n${list}\n` +
        'Only Debian and Ubuntu are prepared automatically. Install the above with your package manager\n' +
        `(on Debian: ${aptLine}), then run this again.`,
    );
  const asRoot = rootPrefix();
  if (asRoot === undefined)
    fail(
      `Missing on this machine:\n${list}\n` +
        `Neither root nor passwordless sudo is at hand. Run this once, then try again:\n  sudo sh -c '${aptLine}'`,
    );
  say(`Missing on this machine:\n${list}`);
  say(
    `Installing with apt${asRoot.length > 0 ? ' through sudo' : ''}: ${packages.join(' ')} (no service is started). This may take some minutes.`,
  );
  const [program, ...args] = [
    ...asRoot,
    'sh',
    join(root, 'scripts', 'apt-install.sh'),
    ...packages,
  ];
  const done = run(program, args, { timeout: installMsMax });
  const still = missing.filter((tool) => !tool.present());
  if (done && still.length === 0) return;
  fail(
    `${still.length === 0 ? 'apt-get reported a failure' : `Still missing:\n${still.map((tool) => `  - ${tool.words}`).join('\n')}`}\n` +
      `Mend what apt says above, or run by hand:\n  ${asRoot.length > 0 ? 'sudo ' : ''}sh -c '${aptLine}'`,
  );
}

/** What to put in front of a command that needs root: nothing, sudo, or undefined when there is no way. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = find('sudo');
  if (sudo === undefined) return undefined;
  return spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? [sudo, '-n']
    : undefined;
}

function run(program, args, options) {
  return spawnSync(program, args, { stdio: 'inherit', ...options }).status === 0;
}

function say(text) {
  process.stdout.write(`prepare: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`prepare: ${text}\n`);
  process.exit(1);
}
