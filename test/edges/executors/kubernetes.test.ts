import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKubernetesExecutor } from '../../../src/edges/executors/kubernetes.ts';
import type { KubernetesSettings } from '../../../src/model/container-settings.ts';
import type { Server } from '../../../src/model/ensemble.ts';
import type { Order, OrderKind } from '../../../src/model/order.ts';
import { outputCharsMax } from '../../../src/model/recovery.ts';
import { type Certificates, makeCertificates } from '../../servers/certificates.ts';
import { type KubernetesStandIn, startKubernetes } from '../../servers/kubernetes.ts';

const zk2: Server = { id: 'zk2', client: { host: 'zk-1', port: 2181 }, role: 'voter' };
const env = { SLACK_BOT_TOKEN: 'xoxb-hush-hush' };

let cluster: KubernetesStandIn;
let certificates: Certificates;

// The library is large: the first test would pay for reading it.
beforeAll(async () => {
  certificates = makeCertificates();
  await import('@kubernetes/client-node');
}, 60_000);

afterAll(() => certificates.remove());

async function started(): Promise<KubernetesStandIn> {
  cluster = await startKubernetes(certificates);
  return cluster;
}

afterEach(async () => {
  const { strange } = cluster;
  await cluster.close();
  if (strange.length > 0) throw new Error(`no cluster would understand: ${strange.join(', ')}`);
});

function settings(change: Partial<KubernetesSettings> = {}): KubernetesSettings {
  return {
    kind: 'kubernetes',
    access: { kind: 'kubeconfig', file: cluster.kubeconfig, context: 'zoo' },
    namespace: 'zoo',
    target: { kind: 'pod', name: '{host}' },
    connectTimeoutMs: 20_000,
    timeoutMs: 20_000,
    ...change,
  };
}

const workload = { target: { kind: 'statefulset', name: '{server}' } } as const;

function run(order: Order, change: Partial<KubernetesSettings> = {}) {
  const { signal } = new AbortController();
  return createKubernetesExecutor(env).run(settings(change), 'orders', zk2, order, signal);
}

const restart: Order = { kind: 'restart' };

describe('a pod', () => {
  it('is deleted by its uid, and done when another one has come in its place', async () => {
    const { uid, asked } = await started();
    const before = uid('zk-1');

    const done = await run(restart);

    expect(done.kind).toBe('done');
    expect(uid('zk-1')).not.toBe(before);
    expect(uid('zk-1')).toBeDefined();
    expect(asked.filter((each) => each.startsWith('DELETE'))).toEqual(['DELETE pods/zk-1']);
  });

  it('runs a program, without a shell, with what it reads', async () => {
    await started();
    const argv = ['sh', '-c', 'echo "$1"; cat', '--', '{server} $(id); ls'];

    const done = await run({ kind: 'exec', argv, stdin: 'four letters' });

    expect(done).toMatchObject({ kind: 'done', output: 'zk2 $(id); ls\nfour letters' });
  });

  it.each<[string, readonly string[], object]>([
    ['fails', ['sh', '-c', 'echo no >&2; exit 3'], { kind: 'failed', exitCode: 3, output: 'no\n' }],
    ['is not there', ['no-such-program'], { kind: 'failed', why: 'no-program' }],
    ['prints a secret', ['echo', 'xoxb-hush-hush'], { kind: 'done', output: '[hidden]\n' }],
  ])('says of a program that %s', async (_, argv, expected) => {
    await started();

    expect(await run({ kind: 'exec', argv })).toMatchObject(expected);
  });

  it('keeps only the end of what a program prints without end', async () => {
    await started();
    const argv = ['sh', '-c', 'yes nightkeeper | head -c 20000000; echo; echo END'];

    const done = await run({ kind: 'exec', argv });

    expect(done.kind).toBe('done');
    expect(done.output.length).toBeLessThanOrEqual(outputCharsMax);
    expect(done.output.endsWith('END\n')).toBe(true);
  });

  it('leaves an unknown outcome where a program hangs', async () => {
    await started();
    const order: Order = { kind: 'exec', argv: ['sleep', '30'], timeoutMs: 300 };

    expect((await run(order, { connectTimeoutMs: 3000 })).kind).toBe('lost');
  });

  it('leaves an unknown outcome where nobody answers the program', async () => {
    (await started()).breakOn('create pods/exec', 'silent');
    const order: Order = { kind: 'exec', argv: ['true'], timeoutMs: 300 };

    expect((await run(order, { connectTimeoutMs: 3000 })).kind).toBe('lost');
  });

  it('says that an old cluster cannot end what a program reads', async () => {
    (await started()).speak('v4.channel.k8s.io');

    const refused = await run({ kind: 'exec', argv: ['cat'], stdin: 'x' });

    expect(refused).toMatchObject({ kind: 'unavailable' });
    expect(refused.output).toContain('Kubernetes 1.30');
    expect(await run({ kind: 'exec', argv: ['echo', 'x'] })).toMatchObject({ output: 'x\n' });
  });

  it('shows its last log lines', async () => {
    await started();

    const done = await run({ kind: 'log', lines: 3, outputMax: 1000 });

    expect(done).toMatchObject({ kind: 'done', output: '98\n99\n100\n' });
  });
});

describe('a workload of one pod', () => {
  it('is restarted by a rollout, stopped and started by its number of pods', async () => {
    const { workload: found } = await started();

    const kinds: unknown[] = [];
    for (const kind of ['restart', 'stop', 'start'] as const) {
      kinds.push((await run({ kind }, workload)).kind, found('zk2')?.replicas);
    }

    expect(kinds).toEqual(['done', 1, 'done', 0, 'done', 1]);
    expect(found('zk2')?.restartedAt).toMatch(/^\d{4}-\d\d-\d\dT/u);
  });

  it('runs programs and shows the log of its pod', async () => {
    await started();

    expect(await run({ kind: 'exec', argv: ['echo', 'x'] }, workload)).toMatchObject({
      kind: 'done',
      output: 'x\n',
    });
    expect(await run({ kind: 'log', lines: 1, outputMax: 9 }, workload)).toMatchObject({
      output: '100\n',
    });
    expect(cluster.asked).toContain('EXEC zk2-0');
  });

  it('of several pods is left alone: all servers would be restarted', async () => {
    const { workload: found } = await started();

    const refused = await run(restart, { target: { kind: 'statefulset', name: 'many' } });

    expect(refused.kind).toBe('unavailable');
    expect(refused.output).toContain('has 3 pods');
    expect(found('many')?.restartedAt).toBeUndefined();
  });
});

describe('a cluster', () => {
  const nothingDone = (): void => {
    expect(cluster.asked.filter((each) => /^(?:DELETE|PATCH)/u.test(each))).toEqual([]);
  };

  it.each([
    ['get pods', 'cannot get resource "pods"'],
    ['delete pods', 'cannot delete resource "pods"'],
  ])('that does not let the bot %s says which verb is missing', async (verb, said) => {
    const { allowed, uid } = await started();
    const before = uid('zk-1');
    allowed.delete(verb);

    const refused = await run(restart);

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'api-forbidden' });
    expect(refused.output).toContain(said);
    expect(uid('zk-1')).toBe(before);
  });

  it('that does not let programs run says so', async () => {
    (await started()).allowed.delete('create pods/exec');

    expect(await run({ kind: 'exec', argv: ['true'] })).toMatchObject({
      kind: 'unavailable',
      why: 'api-forbidden',
    });
  });

  it.each<[string, () => Partial<KubernetesSettings>, object]>([
    [
      'does not know the pod',
      () => ({ target: { kind: 'pod', name: 'zk-9' } }),
      { why: 'no-pod', output: 'pods "zk-9" not found' },
    ],
    [
      'does not know the bot',
      () => ({ access: access(cluster.writeKubeconfig('other', { token: 'expired' })) }),
      { why: 'api-login', output: 'the Kubernetes API answered 401' },
    ],
    [
      'is not the trusted one',
      () => {
        const caFile = certificates.strangerCaFile;
        return { access: access(cluster.writeKubeconfig('stranger', { caFile })) };
      },
      { why: 'api-tls' },
    ],
    ['has no kubeconfig', () => ({ access: access('/nowhere/config') }), { why: 'no-api' }],
    [
      'is not in the kubeconfig',
      () => ({ access: access(cluster.kubeconfig, 'elsewhere') }),
      { why: 'no-api' },
    ],
    ['is not around the bot', () => ({ access: { kind: 'in-cluster' } }), { why: 'no-api' }],
  ])('that %s gets no order', async (_, change, expected) => {
    await started();

    const refused = await run(restart, change());

    expect(refused).toMatchObject({ kind: 'unavailable', ...expected });
    expect(refused.output).not.toContain('token-of-the-bot');
    nothingDone();
  });

  function access(file: string, context = 'zoo'): KubernetesSettings['access'] {
    return { kind: 'kubeconfig', file, context };
  }

  it('that is silent gets no order', async () => {
    (await started()).breakOn('get pods', 'silent');

    const refused = await run(restart, { connectTimeoutMs: 500 });

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'no-api' });
    expect(refused.output).toContain('did not answer within 500 ms');
    nothingDone();
  });

  it.each<['silent' | 'gone', number]>([
    ['silent', 500],
    ['gone', 20_000],
  ])('that is %s in the middle leaves an unknown outcome', async (how, timeoutMs) => {
    (await started()).breakOn('delete pods', how);

    const change = how === 'silent' ? { connectTimeoutMs: 1500, timeoutMs } : { timeoutMs };

    expect((await run(restart, change)).kind).toBe('lost');
  });

  it('never gets a path of its own making', async () => {
    await started();

    const refused = await run(restart, { target: { kind: 'pod', name: '../../secrets/{server}' } });

    expect(refused).toMatchObject({
      kind: 'unavailable',
      output: '"../../secrets/zk2" is no name in Kubernetes',
    });
    expect(cluster.asked).toEqual([]);
  });

  it('can stop and start a workload alone, and is shown to the person who is asked', async () => {
    await started();
    const executor = createKubernetesExecutor(env);
    const kinds: readonly OrderKind[] = ['restart', 'stop', 'start', 'exec', 'log'];
    const can = (change: Partial<KubernetesSettings>) =>
      kinds.filter((kind) => executor.can(settings(change), kind));
    const text = (order: Order, change: Partial<KubernetesSettings> = {}) =>
      executor.describe(settings(change), 'orders', zk2, order);

    expect(can({})).toEqual(['restart', 'exec', 'log']);
    expect(can(workload)).toEqual(kinds);
    expect(await run({ kind: 'stop' })).toMatchObject({ kind: 'unavailable' });
    expect([text(restart), text(restart, workload), text({ kind: 'stop' }, workload)]).toEqual([
      'kubectl -n zoo delete pod zk-1',
      'kubectl -n zoo rollout restart statefulset/zk2',
      'kubectl -n zoo scale --replicas=0 statefulset/zk2',
    ]);
    expect(text({ kind: 'exec', argv: ['ls', 'a b'] })).toBe(
      "kubectl -n zoo exec pod/zk-1 -- ls 'a b'",
    );
  });
});
