import { access } from 'node:fs/promises';
import type { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { KubernetesAccess } from '../../model/container-settings.ts';
import { isTlsFault } from './ends.ts';

/** A cluster whose every answer is waited for until a signal fires. */
export interface Cluster {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly signal: AbortSignal;
}

/** What went wrong on the way to the API, or what it said. */
export interface ApiFault {
  /** Of the answer; absent where there was none. */
  readonly status: number | undefined;
  readonly message: string;
  readonly isTls: boolean;
  readonly isStopped: boolean;
}

/** Where a pod finds what it may be in its own cluster. */
const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Reads the way into the cluster. The library is large, and loaded only where it is used. */
export async function clusterOf(way: KubernetesAccess, signal: AbortSignal): Promise<Cluster> {
  const k8s = await import('@kubernetes/client-node');
  const config = new k8s.KubeConfig();
  if (way.kind === 'in-cluster') {
    await access(tokenFile);
    config.loadFromCluster();
  } else {
    config.loadFromFile(way.file);
    if (way.context !== undefined) config.setCurrentContext(way.context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster for this context');
  const configuration = k8s.createConfiguration({
    baseServer: new k8s.ServerConfiguration(cluster.server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: (request) => {
          request.setSignal(signal);
          if (request.getHttpMethod() === k8s.HttpMethod.PATCH)
            request.setHeaderParam('Content-Type', 'application/merge-patch+json');
          return Promise.resolve(request);
        },
        post: (response) => Promise.resolve(response),
      },
    ],
  });
  return {
    config,
    core: new k8s.CoreV1Api(configuration),
    apps: new k8s.AppsV1Api(configuration),
    signal,
  };
}

/** Reads an error of the library. Its own message carries headers, so that only what the API said is kept. */
export function faultOf(error: unknown): ApiFault {
  const { code, body, message, name } = readable(error);
  const none = { status: undefined, isTls: false, isStopped: false };
  if (typeof code === 'number') return { ...none, status: code, message: saidBy(body, code) };
  const upgrade = /Unexpected server response: (\d{3})/u.exec(message);
  if (upgrade !== null)
    return { ...none, status: Number(upgrade[1]), message: saidBy(undefined, Number(upgrade[1])) };
  if (name === 'AbortError') return { ...none, isStopped: true, message: 'stopped' };
  const isTls = typeof code === 'string' && isTlsFault(code);
  if (code === 'ENOENT' || code === 'EACCES')
    return { ...none, message: `${code}: the file that tells the way into the cluster` };
  const what = typeof code === 'string' ? code : message.split('\n')[0];
  return { ...none, isTls, message: `no way to the Kubernetes API: ${what}` };
}

function readable(error: unknown): {
  readonly code: unknown;
  readonly body: unknown;
  readonly message: string;
  readonly name: string;
} {
  const { code, body, message, name } = (error ?? {}) as Record<string, unknown>;
  return {
    code,
    body,
    message: typeof message === 'string' ? message : '',
    name: typeof name === 'string' ? name : '',
  };
}

/** The `message` of a `Status`, as the API answers every refusal. */
function saidBy(body: unknown, code: number): string {
  try {
    const status: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    const said = (status as { readonly message?: unknown } | null | undefined)?.message;
    if (typeof said === 'string' && said !== '') return said;
  } catch {
    // No `Status`: a proxy between answered in its own way.
  }
  return `the Kubernetes API answered ${code}`;
}
