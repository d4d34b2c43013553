import type { KubernetesSettings } from '../../model/container-settings.ts';
import type { EnsembleId, Server } from '../../model/ensemble.ts';
import { assert } from '../../model/errors.ts';
import type { Order, OrderKind } from '../../model/order.ts';
import type { Executor, ExecutorRun } from '../../ports/executor.ts';
import { argvText, fillArgv, fillText } from './argv.ts';
import { deadline } from './deadline.ts';
import { takenForOption, unavailable } from './ends.ts';
import { type ApiFault, clusterOf, faultOf } from './kubernetes-api.ts';
import { executeInPod } from './kubernetes-exec.ts';
import { type Target, targetIn } from './kubernetes-target.ts';
import { limitsOf } from './orders.ts';
import { checkByLog } from './rehearse.ts';
import { type Environment, secretsIn } from './secrets.ts';
import { createTail, type Tail } from './tail.ts';

/** Names that Kubernetes takes for namespaces, pods and workloads (RFC 1123). */
const objectName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/u;

/** Restarts the pod of a server by deleting it, or its workload by a rollout, and runs programs inside it, through the Kubernetes API. */
export function createKubernetesExecutor(env: Environment): Executor {
  const run: Executor['run'] = async (settings, ensemble, server, order, signal) => {
    assert(settings.kind === 'kubernetes', 'settings of another executor');
    if (!canGive(settings, order.kind))
      return unavailable(`a pod cannot be told to "${order.kind}" alone`);
    const names = namesOf(settings, ensemble, server);
    const strange = [names.namespace, names.target.name].find((name) => !objectName.test(name));
    if (strange !== undefined) return unavailable(`"${strange}" is no name in Kubernetes`);
    const argv = order.kind === 'exec' ? fillArgv(order.argv, ensemble, server) : [];
    if (argv === undefined) return takenForOption(server);
    if (signal.aborted) return unavailable('stopped before it began');
    const startedMs = performance.now();
    const ended = await runThere({ settings, names, order, argv, env }, signal);
    return { ...ended, tookMs: Math.round(performance.now() - startedMs) };
  };

  return {
    kind: 'kubernetes',
    can: (settings, order) => settings.kind === 'kubernetes' && canGive(settings, order),
    describe(settings, ensemble, server, order) {
      assert(settings.kind === 'kubernetes', 'settings of another executor');
      return wordsOf(namesOf(settings, ensemble, server), order, ensemble, server);
    },
    run,
    // Whether the bot may delete a pod, the API does not tell.
    check: checkByLog(run),
  };
}

/** The executor in the environment of the bot. */
export const kubernetesExecutor: Executor = createKubernetesExecutor(process.env);

/** The controller of a pod makes it anew at once: alone, it can be neither stopped nor started. */
function canGive({ target }: KubernetesSettings, order: OrderKind): boolean {
  return target.kind !== 'pod' || (order !== 'stop' && order !== 'start');
}

interface Names {
  readonly namespace: string;
  readonly target: KubernetesSettings['target'];
  readonly container: string | undefined;
}

interface Task {
  readonly settings: KubernetesSettings;
  readonly names: Names;
  readonly order: Order;
  readonly argv: readonly string[];
  readonly env: Environment;
}

function namesOf(settings: KubernetesSettings, ensemble: EnsembleId, server: Server): Names {
  const fill = (text: string): string => fillText(text, ensemble, server);
  const { namespace, target, container } = settings;
  return {
    namespace: fill(namespace),
    target: { ...target, name: fill(target.name) },
    container: container === undefined ? undefined : fill(container),
  };
}

/** As one would type it for `kubectl`. */
function wordsOf(
  { namespace, target: { kind, name } }: Names,
  order: Order,
  ensemble: EnsembleId,
  server: Server,
): string {
  const at = `kubectl -n ${namespace}`;
  switch (order.kind) {
    case 'restart':
      return kind === 'pod' ? `${at} delete pod ${name}` : `${at} rollout restart ${kind}/${name}`;
    case 'stop':
      return kind === 'pod' ? '' : `${at} scale --replicas=0 ${kind}/${name}`;
    case 'start':
      return kind === 'pod' ? '' : `${at} scale --replicas=1 ${kind}/${name}`;
    case 'log':
      return `${at} logs --tail=${order.lines} ${kind}/${name}`;
    case 'exec': {
      const argv = fillArgv(order.argv, ensemble, server) ?? order.argv;
      return `${at} exec ${kind}/${name} -- ${argvText(argv)}`;
    }
  }
}

/** First the target is looked up: what goes wrong until then has changed nothing. */
async function runThere(task: Task, signal: AbortSignal): Promise<ExecutorRun> {
  const { settings, names, order, env } = task;
  const { connectTimeoutMs } = settings;
  const { timeoutMs, outputMax } = limitsOf(order, settings.timeoutMs);
  const tail = createTail(outputMax, secretsIn(env));
  const connecting = deadline(connectTimeoutMs, signal);
  const running = deadline(connectTimeoutMs + timeoutMs, signal);
  const startedMs = performance.now();
  let began = false;
  try {
    const lookedUp = await clusterOf(settings.access, connecting.signal);
    const { uid } = await targetIn(lookedUp, names).look();
    connecting.clear();
    // A process that was paused meanwhile must not give late what another one has long taken over.
    if (performance.now() - startedMs > connectTimeoutMs)
      return unavailable('the connection took too long, so nothing was done');
    const cluster = await clusterOf(settings.access, running.signal);
    const target = targetIn(cluster, names);
    began = true;
    return await give(task, { target, uid }, tail, running.signal);
  } catch (error) {
    const fault = faultOf(error);
    return began ? failed(fault, tail, running.signal) : notReached(fault, connectTimeoutMs);
  } finally {
    connecting.clear();
    running.clear();
  }
}

async function give(
  { order, argv, names }: Task,
  { target, uid }: { readonly target: Target; readonly uid: string },
  tail: Tail,
  signal: AbortSignal,
): Promise<ExecutorRun> {
  switch (order.kind) {
    case 'restart':
      await target.restart(uid);
      return { kind: 'done', tookMs: 0, output: '' };
    case 'stop':
    case 'start':
      await target.scale(order.kind === 'start' ? 1 : 0);
      return { kind: 'done', tookMs: 0, output: '' };
    case 'log':
      tail.add('stdout', Buffer.from(await target.log(order.lines, order.outputMax)));
      return { kind: 'done', tookMs: 0, output: tail.text() };
    case 'exec': {
      const pod = await target.pod();
      const { config } = target.cluster;
      const { namespace, container } = names;
      return await executeInPod(
        config,
        { namespace, pod, container, argv, stdin: order.stdin },
        tail,
        signal,
      );
    }
  }
}

/** What the server refuses has not happened; when it falls silent in the middle, nobody knows what it did. */
function failed(fault: ApiFault, tail: Tail, signal: AbortSignal): ExecutorRun {
  switch (fault.status) {
    case undefined: {
      const late = signal.aborted ? 'it did not end in time' : fault.message;
      return { kind: 'lost', tookMs: 0, output: tail.text() || late };
    }
    case 401:
      return unavailable(fault.message, 'api-login');
    case 403:
      return unavailable(fault.message, 'api-forbidden');
    case 404:
      return unavailable(fault.message, 'no-pod');
    default:
      return { kind: 'failed', tookMs: 0, output: fault.message };
  }
}

/** Why no order was given: nothing has happened there. */
function notReached(fault: ApiFault, connectTimeoutMs: number): ExecutorRun {
  if (fault.status !== undefined) {
    const run = failed(fault, createTail(0, []), new AbortController().signal);
    return { ...run, kind: 'unavailable' };
  }
  if (fault.isTls) return unavailable(fault.message, 'api-tls');
  if (fault.isStopped)
    return unavailable(`the API did not answer within ${connectTimeoutMs} ms`, 'no-api');
  return unavailable(fault.message, 'no-api');
}
