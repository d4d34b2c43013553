import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Certificates } from './certificates.ts';

const token = 'token-of-the-bot-1234';
const namespace = 'zoo';

/** How long a pod takes to end, and its successor to come. */
const endMs = 300;

interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly app: string;
  /** Set while it ends. */
  readonly ends?: true;
}

interface Workload {
  replicas: number;
  generation: number;
  observed: number;
  /** Pods of the newest template. */
  updated: number;
  restartedAt?: string;
}

/**
 * The API of a cluster with the namespace `zoo`: pods `zk-0` … `zk-2` that are made anew when they are deleted, StatefulSets `zk2` (one
 * pod, `zk2-0`) and `many` (three), and programs that really run, on this machine. Strict: only what is allowed is done, preconditions
 * are held, and a request that no cluster would understand is written down in `strange`.
 */
export interface KubernetesStandIn {
  readonly kubeconfig: string;
  /** What the bot may do: `delete pods`. All of it at the beginning. */
  readonly allowed: Set<string>;
  readonly strange: readonly string[];
  /** Requests as they came: `DELETE pods/zk-1`. */
  readonly asked: readonly string[];
  readonly uid: (pod: string) => string | undefined;
  readonly workload: (name: string) => Workload | undefined;
  /** From now on the API answers nothing to requests of this kind, or falls over. */
  breakOn(verb: string, how: 'silent' | 'gone'): void;
  /** Speaks this version of the protocol of programs, and no newer one. */
  speak(protocol: string): void;
  writeKubeconfig(
    name: string,
    change: { readonly token?: string; readonly caFile?: string },
  ): string;
  close(): Promise<void>;
}

const everything = [
  'get pods',
  'list pods',
  'delete pods',
  'get pods/log',
  'create pods/exec',
  'get statefulsets',
  'patch statefulsets',
];

export async function startKubernetes(certificates: Certificates): Promise<KubernetesStandIn> {
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-k8s-'));
  const pods = new Map<string, Pod>();
  for (const name of ['zk-0', 'zk-1', 'zk-2', 'zk2-0'])
    pods.set(name, { name, uid: randomUUID(), app: name.replace(/-0$/u, '') });
  const fresh = (replicas: number): Workload => ({
    replicas,
    generation: 1,
    observed: 1,
    updated: replicas,
  });
  const workloads = new Map([
    ['zk2', fresh(1)],
    ['many', fresh(3)],
  ]);
  const allowed = new Set(everything);
  const strange: string[] = [];
  const asked: string[] = [];
  const broken = new Map<string, 'silent' | 'gone'>();
  let protocol = 'v5.channel.k8s.io';

  const pem = readFileSync(certificates.serverFile);
  const server = createServer({ cert: pem, key: pem }, (request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const say = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const found = routeOf(request);
    if (found === undefined) {
      strange.push(`${request.method} ${request.url}`);
      return say(404, status(404, 'the server could not find the requested resource'));
    }
    const { verb, resource, name, query } = found;
    asked.push(`${request.method} ${resource}/${name}`);
    const how = broken.get(`${verb} ${resource}`);
    if (how === 'silent') return;
    if (how === 'gone') return void request.socket.destroy();
    if (request.headers.authorization !== `Bearer ${token}`)
      return say(401, status(401, 'Unauthorized'));
    if (!allowed.has(`${verb} ${resource}`))
      return say(403, status(403, `User "nk" cannot ${verb} resource "${resource}"`));
    if (resource === 'statefulsets') return say(...workload(request, verb, name, body));
    const pod = pods.get(name);
    if (verb === 'list') {
      const app = /^app=(.*)$/u.exec(query.get('labelSelector') ?? '')?.[1];
      const items = [...pods.values()].filter((each) => each.app === app).map(shown);
      return say(200, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items });
    }
    if (pod === undefined) return say(404, status(404, `pods "${name}" not found`));
    if (resource === 'pods/log') {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const lines = Array.from({ length: 100 }, (_, index) => `${index + 1}`);
      return void response.end(`${lines.slice(-Number(query.get('tailLines'))).join('\n')}\n`);
    }
    return verb === 'delete' ? say(...remove(pod, body)) : say(200, shown(pod));
  }

  function remove(pod: Pod, body: string): readonly [number, unknown] {
    const options = JSON.parse(body || '{}') as { preconditions?: { uid?: string } };
    const wanted = options.preconditions?.uid;
    if (wanted === undefined) strange.push('a pod was deleted without its uid');
    if (wanted !== pod.uid) return [409, status(409, 'the UID in the precondition does not match')];
    pods.set(pod.name, { ...pod, ends: true });
    setTimeout(() => pods.delete(pod.name), endMs);
    setTimeout(() => pods.set(pod.name, { ...pod, uid: randomUUID() }), 2 * endMs);
    return [200, shown(pod)];
  }

  function workload(
    request: IncomingMessage,
    verb: string,
    name: string,
    body: string,
  ): readonly [number, unknown] {
    const found = workloads.get(name);
    if (found === undefined) return [404, status(404, `statefulsets "${name}" not found`)];
    if (verb === 'patch') {
      if (request.headers['content-type'] !== 'application/merge-patch+json')
        return [415, status(415, 'the body of the request was in an unknown format')];
      patch(found, JSON.parse(body) as Patch);
    }
    return [
      200,
      {
        kind: 'StatefulSet',
        apiVersion: 'apps/v1',
        metadata: { name, namespace, uid: `uid-${name}`, generation: found.generation },
        spec: { replicas: found.replicas, selector: { matchLabels: { app: name } } },
        status: {
          observedGeneration: found.observed,
          replicas: found.updated,
          updatedReplicas: found.updated,
        },
      },
    ];
  }

  // Programs: the frames of the protocol begin with the number of a channel (0 stdin, 1 stdout, 2 stderr, 3 status, 255 close).
  const kept = new Set<Duplex>();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => protocol });
  server.on('upgrade', (request, socket, head) => {
    const found = routeOf(request);
    const refuse = (code: number): void => void socket.end(`HTTP/1.1 ${code} No\r\n\r\n`);
    if (found?.resource !== 'pods/exec') return refuse(404);
    asked.push(`EXEC ${found.name}`);
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(401);
    if (!allowed.has('create pods/exec')) return refuse(403);
    if (!pods.has(found.name)) return refuse(404);
    const how = broken.get('create pods/exec');
    if (how === 'silent') return void kept.add(socket);
    sockets.handleUpgrade(request, socket, head, (web) => {
      if (how === 'gone') socket.destroy();
      else runProgram(web, found.query);
    });
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const writeKubeconfig: KubernetesStandIn['writeKubeconfig'] = (name, change) => {
    const file = join(dir, name);
    writeFileSync(file, kubeconfigOf(port, { token, caFile: certificates.caFile, ...change }));
    return file;
  };
  return {
    kubeconfig: writeKubeconfig('config', {}),
    allowed,
    strange,
    asked,
    uid: (pod) => pods.get(pod)?.uid,
    workload: (name) => workloads.get(name),
    breakOn: (verb, how) => void broken.set(verb, how),
    speak: (version) => {
      protocol = version;
    },
    writeKubeconfig,
    async close() {
      for (const web of sockets.clients) web.terminate();
      for (const socket of kept) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true });
    },
  };
}

interface Patch {
  readonly spec: {
    readonly replicas?: number;
    readonly template?: { readonly metadata: { readonly annotations: Record<string, string> } };
  };
}

function patch(found: Workload, { spec }: Patch): void {
  found.generation += 1;
  const annotation = spec.template?.metadata.annotations['kubectl.kubernetes.io/restartedAt'];
  if (annotation !== undefined) {
    found.restartedAt = annotation;
    found.updated = 0;
  }
  found.replicas = spec.replicas ?? found.replicas;
  setTimeout(() => {
    found.observed = found.generation;
    found.updated = found.replicas;
  }, endMs);
}

interface Route {
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly query: URLSearchParams;
}

function routeOf({ method = '', url = '' }: IncomingMessage): Route | undefined {
  const { pathname, searchParams: query } = new URL(url, 'https://cluster');
  const match =
    /^\/(?:api\/v1|apis\/apps\/v1)\/namespaces\/zoo\/(pods|statefulsets)(?:\/([a-z0-9.-]+))?(?:\/(log|exec))?$/u.exec(
      pathname,
    );
  if (match === null) return undefined;
  const [, kind = '', name = '', sub] = match;
  const resource = sub === undefined ? kind : `${kind}/${sub}`;
  const verbs: Readonly<Record<string, string>> = {
    GET: name === '' ? 'list' : 'get',
    DELETE: 'delete',
    PATCH: 'patch',
  };
  const verb = verbs[method];
  return verb === undefined ? undefined : { verb, resource, name, query };
}

function shown({ name, uid, app }: Pod): object {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, namespace, uid, labels: { app } },
    status: { phase: 'Running' },
  };
}

function status(code: number, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code };
}

function runProgram(web: WebSocket, query: URLSearchParams): void {
  const [program = '', ...args] = query.getAll('command');
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const send = (channel: number, data: Buffer): void =>
    web.send(Buffer.concat([Buffer.from([channel]), data]));
  const end = (value: object): void => {
    send(3, Buffer.from(JSON.stringify(value)));
    web.close();
  };
  if (query.get('stdin') !== 'true') child.stdin.end();
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (data: Buffer) => send(1, data));
  child.stderr.on('data', (data: Buffer) => send(2, data));
  child.on('error', () =>
    end(status(500, `error executing command: exec: "${program}": executable file not found`)),
  );
  child.on('close', (code) => {
    if (code === 0) end({ kind: 'Status', status: 'Success' });
    else if (code !== null && code >= 0)
      end({
        kind: 'Status',
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      });
  });
  web.on('message', (data: Buffer) => {
    if (data[0] === 0) child.stdin.write(data.subarray(1));
    if (data[0] === 255 && data[1] === 0) child.stdin.end();
  });
  web.on('close', () => child.kill('SIGKILL'));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function kubeconfigOf(
  port: number,
  { token: word, caFile }: { readonly token: string; readonly caFile: string },
): string {
  return `apiVersion: v1
kind: Config
current-context: nowhere
clusters:
  - { name: zoo, cluster: { server: "https://127.0.0.1:${port}", certificate-authority: ${caFile} } }
users:
  - { name: nk, user: { token: ${word} } }
contexts:
  - { name: zoo, context: { cluster: zoo, user: nk } }
`;
}
