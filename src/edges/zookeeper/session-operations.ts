import type { Stat } from 'node-zookeeper-client';
import type { LinkRequest } from './session-link.ts';

/**
 * What a session can be asked. Each rejects when its deadline has passed (`zookeeper-timeout`), at once where no session stands
 * (`zookeeper-disconnected`), and with a `ReplyFault` when the server refuses. A request whose deadline has passed may still be
 * carried out.
 */
export interface Operations {
  /** A persistent znode that anybody may change. Answers its path. */
  create(path: string, data: Buffer, timeoutMs: number): Promise<string>;
  setData(path: string, data: Buffer, timeoutMs: number): Promise<void>;
  /** Empty for a znode without data. */
  getData(path: string, timeoutMs: number): Promise<Buffer>;
  exists(path: string, timeoutMs: number): Promise<boolean>;
  /** Undefined where it does not exist. */
  stat(path: string, timeoutMs: number): Promise<Stat | undefined>;
  remove(path: string, timeoutMs: number): Promise<void>;
  getChildren(path: string, timeoutMs: number): Promise<readonly string[]>;
}

const anyVersion = -1;

export function operationsBy(
  request: <T>(request: LinkRequest<T>, timeoutMs: number) => Promise<T>,
): Operations {
  const statOf = async (path: string, timeoutMs: number): Promise<Stat | undefined> => {
    const stat = await request<Stat | null | undefined>(
      { operation: 'exists', path, send: (client, done) => client.exists(path, done) },
      timeoutMs,
    );
    return stat ?? undefined;
  };
  return {
    create: (path, data, timeoutMs) =>
      request(
        { operation: 'create', path, send: (client, done) => client.create(path, data, done) },
        timeoutMs,
      ),
    async setData(path, data, timeoutMs) {
      await request<unknown>(
        {
          operation: 'setData',
          path,
          send: (client, done) => client.setData(path, data, anyVersion, done),
        },
        timeoutMs,
      );
    },
    async getData(path, timeoutMs) {
      const data = await request<Buffer | undefined>(
        { operation: 'getData', path, send: (client, done) => client.getData(path, done) },
        timeoutMs,
      );
      return data ?? Buffer.alloc(0);
    },
    exists: async (path, timeoutMs) => (await statOf(path, timeoutMs)) !== undefined,
    stat: statOf,
    async remove(path, timeoutMs) {
      await request<undefined>(
        {
          operation: 'remove',
          path,
          send: (client, done) => client.remove(path, anyVersion, done),
        },
        timeoutMs,
      );
    },
    getChildren: (path, timeoutMs) =>
      request(
        { operation: 'getChildren', path, send: (client, done) => client.getChildren(path, done) },
        timeoutMs,
      ),
  };
}
