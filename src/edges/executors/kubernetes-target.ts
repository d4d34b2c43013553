import { setTimeout as pause } from 'node:timers/promises';
import type { V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import type { KubernetesSettings } from '../../model/container-settings.ts';
import type { Cluster } from './kubernetes-api.ts';

/** How often it is looked whether Kubernetes has done what it was told. */
const lookEveryMs = 500;

/** The annotation by which `kubectl rollout restart` makes new pods. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** What stands for a server in Kubernetes. Each call rejects with an error of the library. */
export interface Target {
  readonly cluster: Cluster;
  /** Whether it is there, and which one it is. */
  look(): Promise<{ readonly uid: string }>;
  /** Resolves once another process has been made in its place. */
  restart(uid: string): Promise<void>;
  scale(replicas: 0 | 1): Promise<void>;
  log(lines: number, bytesMax: number): Promise<string>;
  /** The name of its pod. */
  pod(): Promise<string>;
}

interface Where {
  readonly namespace: string;
  readonly target: KubernetesSettings['target'];
  readonly container: string | undefined;
}

/** The API refuses what must not be done: here a rollout that would restart more than one server. */
class Refused extends Error {
  readonly code: number;
  readonly body: { readonly message: string };

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
    this.body = { message };
  }
}

export function targetIn(cluster: Cluster, where: Where): Target {
  return where.target.kind === 'pod' ? podIn(cluster, where) : workloadIn(cluster, where);
}

/** A pod whose controller makes it anew under the same name, as of a StatefulSet. */
function podIn(cluster: Cluster, { namespace, target: { name }, container }: Where): Target {
  const { core, signal } = cluster;
  const uidNow = async (): Promise<string> =>
    (await core.readNamespacedPod({ name, namespace })).metadata?.uid ?? '';
  return {
    cluster,
    look: async () => ({ uid: await uidNow() }),
    async restart(uid) {
      // Never the pod that came in its place.
      await core.deleteNamespacedPod({ name, namespace, body: { preconditions: { uid } } });
      await untilSo(signal, async () => {
        try {
          return (await uidNow()) !== uid;
        } catch (error) {
          if ((error as { readonly code?: unknown }).code === 404) return false;
          throw error;
        }
      });
    },
    scale: () => Promise.reject(new Refused(400, 'a pod cannot be scaled')),
    log: (lines, bytesMax) => logOf(cluster, { namespace, name, container }, lines, bytesMax),
    pod: () => Promise.resolve(name),
  };
}

/** A StatefulSet or Deployment of one pod. */
function workloadIn(cluster: Cluster, { namespace, target, container }: Where): Target {
  const { core, apps, signal } = cluster;
  const { name, kind } = target;
  const key = { name, namespace };
  const read = (): Promise<V1StatefulSet | V1Deployment> =>
    kind === 'statefulset'
      ? apps.readNamespacedStatefulSet(key)
      : apps.readNamespacedDeployment(key);
  const patch = (body: object): Promise<V1StatefulSet | V1Deployment> =>
    kind === 'statefulset'
      ? apps.patchNamespacedStatefulSet({ ...key, body })
      : apps.patchNamespacedDeployment({ ...key, body });
  const pod = async (): Promise<string> => {
    const labels = Object.entries((await read()).spec?.selector.matchLabels ?? {});
    const labelSelector = labels.map(([label, value]) => `${label}=${value}`).join(',');
    const { items } = await core.listNamespacedPod({ namespace, labelSelector });
    const found = items.find(({ status }) => status?.phase === 'Running') ?? items[0];
    const podName = found?.metadata?.name;
    if (podName === undefined) throw new Refused(404, `${kind} ${name} has no pod`);
    return podName;
  };
  return {
    cluster,
    async look() {
      const { spec, metadata } = await read();
      const replicas = spec?.replicas ?? 1;
      if (replicas > 1)
        throw new Refused(
          422,
          `${kind} ${name} has ${replicas} pods, and all of them would be restarted: name the pod instead`,
        );
      return { uid: metadata?.uid ?? '' };
    },
    async restart() {
      const annotations = { [restartedAt]: new Date().toISOString() };
      const { metadata } = await patch({ spec: { template: { metadata: { annotations } } } });
      const generation = metadata?.generation ?? 0;
      await untilSo(signal, async () => {
        const { status } = await read();
        return (status?.observedGeneration ?? 0) >= generation && status?.updatedReplicas === 1;
      });
    },
    async scale(replicas) {
      const { metadata } = await patch({ spec: { replicas } });
      const generation = metadata?.generation ?? 0;
      await untilSo(signal, async () => {
        const { status } = await read();
        const seen = (status?.observedGeneration ?? 0) >= generation;
        return seen && (status?.replicas ?? 0) === replicas;
      });
    },
    log: async (lines, bytesMax) =>
      logOf(cluster, { namespace, name: await pod(), container }, lines, bytesMax),
    pod,
  };
}

async function logOf(
  { core }: Cluster,
  { container, ...pod }: { namespace: string; name: string; container: string | undefined },
  tailLines: number,
  bytesMax: number,
): Promise<string> {
  // A limit of bytes cuts the end, which is wanted most: it only keeps a flood away.
  const limitBytes = 16 * bytesMax;
  return await core.readNamespacedPodLog({
    ...pod,
    tailLines,
    limitBytes,
    ...(container === undefined ? {} : { container }),
  });
}

/** Waits until something is so, or the signal fires: then nobody knows. */
async function untilSo(signal: AbortSignal, isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(lookEveryMs, undefined, { signal });
}
