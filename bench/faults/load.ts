import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, openClient, SessionGone } from './client.ts';

/** Clients that read and write all the time, as applications do: a few sessions, spread over the servers. */
export interface Load {
  /** What went through so far, and what failed. */
  counts(): { readonly reads: number; readonly writes: number; readonly failed: number };
  stop(): Promise<void>;
}

const sessions = 6;

/** Between two rounds of one session; a round is one write and two reads. */
const pauseMs = 250;

/** Where the load writes: one znode for each session, overwritten in place. */
const root = '/load';

export function startLoad(
  servers: readonly { readonly host: string; readonly clientPort: number }[],
  from: string,
): Load {
  const counts = { reads: 0, writes: 0, failed: 0 };
  const ending = new AbortController();

  async function one(number: number): Promise<void> {
    let client: Client | undefined;
    let ticket: Buffer | undefined;
    for (let round = number; !ending.signal.aborted; round += 1) {
      try {
        if (client?.isOpen() !== true) {
          client = await connect(round, ticket);
          ticket = client.ticket;
        }
        await client.set(`${root}/${number}`, Buffer.from(`round ${round}`));
        counts.writes += 1;
        await client.get(`${root}/${number}`);
        await client.get(root);
        counts.reads += 2;
      } catch (error) {
        counts.failed += 1;
        client?.vanish();
        if (error instanceof SessionGone) ticket = undefined;
      }
      await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    await client?.close();
  }

  async function connect(round: number, ticket: Buffer | undefined): Promise<Client> {
    const server = servers[round % servers.length];
    if (server === undefined) throw new Error('no server');
    const client = await openClient({
      host: server.host,
      port: server.clientPort,
      from,
      requestTimeoutMs: 2000,
      ...(ticket === undefined ? {} : { ticket }),
    });
    if (ticket !== undefined) return client;
    try {
      await client.create(root, Buffer.alloc(0));
      for (let number = 0; number < sessions; number += 1)
        await client.create(`${root}/${number}`, Buffer.alloc(0));
      return client;
    } catch (error) {
      client.vanish();
      throw error;
    }
  }

  const running = Array.from({ length: sessions }, (_, number) => one(number));
  return {
    counts: () => ({ ...counts }),
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}
