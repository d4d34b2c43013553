import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../tidy/sources.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightkeeper-prepare-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Prepares on a machine whose PATH is given. It never leads to npm, which would change the packages under the running tests. */
function prepare(occasion: string, env: Readonly<Record<string, string>>) {
  const script = join(root, 'scripts', 'prepare.mjs');
  return spawnSync(process.execPath, [script, occasion], { env, encoding: 'utf8' });
}

describe('preparing a machine', () => {
  it('says what is missing and the exact remedy where it cannot install', () => {
    const failed = prepare('demo', { PATH: folder, NIGHTKEEPER_JARS: folder });

    expect(failed.status).toBe(1);
    expect(failed.stdout).toBe('');
    expect(failed.stderr).toContain('  - Redis (redis-server)\n  - Java 11 or newer (java)\n');
    expect(failed.stderr).toContain(`  - ZooKeeper's jars (${folder}/zookeeper.jar)`);
    expect(failed.stderr).toContain(
      'apt-get update && apt-get install -y --no-install-recommends redis-server default-jre-headless libzookeeper-java libservlet-api-java',
    );
  });

  it('asks for nothing that the occasion does not need', () => {
    const failed = prepare('demo', { PATH: folder });

    expect(failed.stderr).not.toContain('Chromium');
  });

  it('knows its occasions', () => {
    const failed = prepare('party', {});

    expect(failed.status).toBe(1);
    expect(failed.stderr).toBe('prepare: There is no occasion "party"; known: test, demo\n');
  });
});
