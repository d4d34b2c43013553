import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ZnodeTree } from '../../src/ports/znode-tree.ts';

/** What `zkCli.sh` of Debian starts, without its shell. */
const javaArgv = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  '-cp',
  '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar',
  'org.apache.zookeeper.ZooKeeperMain',
];

/**
 * What ZooKeeper's own command line takes for the same: it lists the tree, then prints data and permissions of each znode. Ended after
 * `msMax`; the znodes it has printed by then count.
 */
export async function walkByCli(
  tree: ZnodeTree,
  connect: string,
  msMax: number,
): Promise<{ readonly znodes: number; readonly ms: number; readonly perSecond: number }> {
  const paths: string[] = [];
  const walk = tree.walk({ root: '/', statOnly: true });
  for (let batch = await walk.next(); batch.length > 0; batch = await walk.next())
    paths.push(...batch.map(({ path }) => path));
  const child = spawn('java', [...javaArgv, '-server', connect], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  let printed = 0;
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const text = rest + chunk.toString('latin1');
    // Each stat that it prints has one of these.
    printed += text.split('numChildren = ').length - 1;
    rest = text.slice(-13);
  });
  child.stdin.on('error', () => undefined);
  const gone = new AbortController();
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      gone.abort();
      resolve();
    });
  });
  const startedMs = performance.now();
  const late = setTimeout(() => child.kill('SIGKILL'), msMax);
  child.stdin.write('ls -R /\n');
  for (const path of paths) {
    const line = `get -s "${path}"\ngetAcl "${path}"\n`;
    if (gone.signal.aborted) break;
    if (!child.stdin.write(line))
      await once(child.stdin, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
  child.stdin.end('quit\n');
  await closed;
  clearTimeout(late);
  const ms = Math.round(performance.now() - startedMs);
  return { znodes: printed, ms, perSecond: Math.round((printed * 1000) / ms) };
}
