import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';
import type { DockerSettings, KubernetesSettings } from '../../model/container-settings.ts';
import type { CommandTemplates, SshSettings } from '../../model/settings.ts';

/** How long a machine may take until a command can be given to it. */
export const connectTimeoutMs = 10_000;

/** `ssh-keygen -lf` prints a fingerprint so: 32 bytes in base64 without padding. */
const fingerprint = z.custom<string>(
  (value) => typeof value === 'string' && /^SHA256:[A-Za-z0-9+/]{43}$/u.test(value),
  { params: { want: 'fingerprint' satisfies Want } },
);

/** The section `ssh` beside a command: it runs there instead of on the machine of the bot. */
export const sshSchema = z.strictObject({
  user: z.string().min(1),
  host: z.string().min(1).default('{host}'),
  port: z.int().min(1).max(65_535).default(22),
  /** Absent: the keys of the SSH agent. */
  keyFile: z.exactOptional(z.string().min(1)),
  passphrase: z.exactOptional(z.string().min(1)),
  knownHosts: z.exactOptional(z.string().min(1)),
  hostKeys: z.exactOptional(z.array(fingerprint).min(1)),
});

/** Fields that may only be environment references. */
export const sshSecrets = ['passphrase'] as const;

/** The way to a machine, as the executor wants it. */
export function sshSettingsOf(
  ssh: z.output<typeof sshSchema>,
  templates: CommandTemplates,
  timeoutMs: number,
): SshSettings {
  const { user, host, port, keyFile, passphrase, knownHosts, hostKeys } = ssh;
  return {
    kind: 'ssh',
    ...templates,
    user,
    host,
    port,
    login:
      keyFile === undefined
        ? { kind: 'agent' }
        : { kind: 'key', file: keyFile, ...(passphrase === undefined ? {} : { passphrase }) },
    trust:
      knownHosts === undefined
        ? { kind: 'fingerprints', sha256: hostKeys ?? [] }
        : { kind: 'known-hosts', file: knownHosts },
    connectTimeoutMs,
    timeoutMs,
  };
}

const file = z.string().min(1);

/** The section `docker`: the container of a server, and the engine it runs on. */
export const dockerSchema = z.strictObject({
  container: z.string().min(1),
  /** Absent, with `host`: TLS over TCP. */
  socket: z.exactOptional(file),
  host: z.exactOptional(z.string().min(1)),
  port: z.int().min(1).max(65_535).default(2376),
  caFile: z.exactOptional(file),
  certFile: z.exactOptional(file),
  keyFile: z.exactOptional(file),
});

/** Where the engine listens on an ordinary machine. */
const dockerSocket = '/var/run/docker.sock';

export function dockerSettingsOf(
  docker: z.output<typeof dockerSchema>,
  timeoutMs: number,
): DockerSettings {
  const { container, socket = dockerSocket, host, port } = docker;
  const { caFile = '', certFile = '', keyFile = '' } = docker;
  return {
    kind: 'docker',
    container,
    engine:
      host === undefined
        ? { kind: 'socket', path: socket }
        : { kind: 'tls', host, port, caFile, certFile, keyFile },
    connectTimeoutMs,
    timeoutMs,
  };
}

/** What may stand for a server in Kubernetes; exactly one of them is needed. */
export const kubernetesTargets = ['pod', 'statefulset', 'deployment'] as const;

/** The section `kubernetes`: the pod of a server, and the way into its cluster. */
export const kubernetesSchema = z.strictObject({
  namespace: z.string().min(1),
  pod: z.exactOptional(z.string().min(1)),
  statefulset: z.exactOptional(z.string().min(1)),
  deployment: z.exactOptional(z.string().min(1)),
  container: z.exactOptional(z.string().min(1)),
  /** Absent: the bot runs in the cluster itself. */
  kubeconfig: z.exactOptional(file),
  context: z.exactOptional(z.string().min(1)),
});

export function kubernetesSettingsOf(
  kubernetes: z.output<typeof kubernetesSchema>,
  timeoutMs: number,
): KubernetesSettings {
  const { namespace, container, kubeconfig, context } = kubernetes;
  const kind = kubernetesTargets.find((each) => kubernetes[each] !== undefined) ?? 'pod';
  return {
    kind: 'kubernetes',
    access:
      kubeconfig === undefined
        ? { kind: 'in-cluster' }
        : {
            kind: 'kubeconfig',
            file: kubeconfig,
            ...(context === undefined ? {} : { context }),
          },
    namespace,
    target: { kind, name: kubernetes[kind] ?? '' },
    ...(container === undefined ? {} : { container }),
    connectTimeoutMs,
    timeoutMs,
  };
}
