import { createServer, type Socket } from 'node:net';

/** A TCP server that does what the test says with each connection: for peers that do not behave like ZooKeeper. */
export interface TcpServer {
  readonly port: number;
  /** Connections that are open right now. */
  open(): number;
  /** Connections ever taken. */
  taken(): number;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1, or on the one that is given. */
export async function listenTcp(
  onConnection: (socket: Socket) => void,
  wanted = 0,
): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    taken += 1;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens on no port');
  return {
    port: address.port,
    open: () => sockets.size,
    taken: () => taken,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
