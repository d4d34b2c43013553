import type { ZooKeeperEnsemble } from '../../test/servers/zookeeper.ts';
import { pause } from '../delivery/poll.ts';
import { type Client, openClient } from '../faults/client.ts';

/** One write: when it began, how often it was tried, and when it was acknowledged; undefined when it never was. */
export interface Write {
  readonly atMs: number;
  readonly tries: number;
  readonly doneMs: number | undefined;
}

/** A client that writes all the time, and goes on with its session on another server when its connection breaks. */
export interface Writer {
  /** Every write so far, oldest first. */
  readonly writes: readonly Write[];
  close(): Promise<void>;
}

/** Time from one acknowledged write to the next. */
const writeEveryMs = 20;

/** How long one server may take to answer before another one is asked. */
const answerMs = 4000;

/** A write that was not acknowledged by then is given up: as long as the session itself lives. */
const writeMsMax = 10_000;

export async function startWriter(ensemble: ZooKeeperEnsemble): Promise<Writer> {
  const writes: Write[] = [];
  let isClosed = false;
  let turn = 0;
  let client: Client | undefined;
  let ticket: Buffer | undefined;

  async function connected(): Promise<Client> {
    if (client?.isOpen() === true) return client;
    const server = ensemble.servers[turn % ensemble.servers.length];
    turn += 1;
    if (server === undefined) throw new Error('an ensemble has servers');
    const { host, clientPort: port } = server;
    const held = ticket === undefined ? {} : { ticket };
    // A session that is gone is replaced by a new one: the next attempt begins without the old ticket.
    ticket = undefined;
    client = await openClient({ host, port, requestTimeoutMs: answerMs, ...held });
    ({ ticket } = client);
    return client;
  }

  async function attempt(data: Buffer): Promise<boolean> {
    const kept = ticket;
    try {
      await (await connected()).set('/bench', data);
      return true;
    } catch {
      client?.vanish();
      client = undefined;
      ticket ??= kept;
      await pause(writeEveryMs);
      return false;
    }
  }

  const first = await openClient(address(ensemble));
  await first.create('/bench', Buffer.from('0'));
  await first.close();

  const running = (async () => {
    while (!isClosed) {
      const atMs = Date.now();
      const data = Buffer.from(String(writes.length));
      let tries = 1;
      let isDone = await attempt(data);
      while (!isDone && Date.now() - atMs < writeMsMax) {
        tries += 1;
        isDone = await attempt(data);
      }
      writes.push({ atMs, tries, doneMs: isDone ? Date.now() : undefined });
      await pause(writeEveryMs);
    }
  })();
  return {
    writes,
    async close() {
      isClosed = true;
      await running;
      await client?.close();
    },
  };
}

function address({ servers }: ZooKeeperEnsemble): { readonly host: string; readonly port: number } {
  const [server] = servers;
  if (server === undefined) throw new Error('an ensemble has servers');
  return { host: server.host, port: server.clientPort };
}
