/** Where the Docker Engine of a server listens: a socket of this machine, or TCP with TLS on both sides. */
export type DockerEngine =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tls';
      /** With words in braces to fill in. */
      readonly host: string;
      readonly port: number;
      readonly caFile: string;
      readonly certFile: string;
      readonly keyFile: string;
    };

/** A server in a container. */
export interface DockerSettings {
  readonly kind: 'docker';
  /** Its name or id, with words in braces to fill in. */
  readonly container: string;
  readonly engine: DockerEngine;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
}

/** How the bot gets into a cluster: as the pod it is, or by a kubeconfig file. */
export type KubernetesAccess =
  | { readonly kind: 'in-cluster' }
  | { readonly kind: 'kubeconfig'; readonly file: string; readonly context?: string };

/** A server in a pod. */
export interface KubernetesSettings {
  readonly kind: 'kubernetes';
  readonly access: KubernetesAccess;
  /** With words in braces to fill in, as the name of the target. */
  readonly namespace: string;
  /** A pod that its controller makes anew, or a workload of one pod. */
  readonly target: {
    readonly kind: 'pod' | 'statefulset' | 'deployment';
    readonly name: string;
  };
  /** Of the pod, where it has several. */
  readonly container?: string;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
}
