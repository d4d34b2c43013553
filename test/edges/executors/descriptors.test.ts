import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommandExecutor } from '../../../src/edges/executors/command.ts';
import { createHostProbe } from '../../../src/edges/executors/host-probe.ts';
import { createProber } from '../../../src/edges/zookeeper/prober.ts';
import { fdExhaustion } from '../../../src/rules/detect/fd-exhaustion.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { aFailure, aView } from '../../support/builders.ts';
import { realClock } from '../../support/real-clock.ts';
import { aSurvey } from '../../support/surveys.ts';

let ensemble: ZooKeeperEnsemble;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 1 });
}, 60_000);

afterAll(() => ensemble.close());

it('a real server without a free descriptor is recognised, whether it or its machine is asked', async () => {
  const pid = ensemble.servers[0]!.pid()!;
  const settings = ensemble.settings({
    host: { kind: 'command', argv: [], everyMs: 5000, timeoutMs: 20_000 },
  });
  const server = settings.servers[0]!;
  const probe = createHostProbe({
    executors: [createCommandExecutor(process.env)],
    clock: realClock,
  });
  execFileSync('prlimit', [
    '--pid',
    String(pid),
    `--nofile=${readdirSync(`/proc/${pid}/fd`).length}:`,
  ]);

  const sample = await createProber({ clock: realClock }).probe(settings, server, 1000);
  const host = await probe.look(settings, server, undefined);

  if (host === undefined || 'failed' in host) throw new Error(JSON.stringify(host));
  const atMs = Date.now();
  const silent = aFailure({ server: server.id, reason: 'timeout', atMs });
  for (const seen of [sample, silent]) {
    const view = aView({
      ensemble: { id: 'orders', servers: [server], timing: settings.timing },
      atMs,
      samples: { [server.id]: seen },
      surveys: { [server.id]: aSurvey(server.id, { host }, atMs) },
    });
    expect(fdExhaustion.detect(view, atMs)).toMatchObject([
      { verdict: 'firing', severity: 'page' },
    ]);
  }
}, 60_000);
