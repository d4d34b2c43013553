import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that takes its time, in both directions. */
export interface FarWay {
  readonly port: number;
  close(): Promise<void>;
}

/** Leads to a port, `latencyMs` away: every byte comes that much later, in order, and a connection begins that much later. */
export async function farWay(target: () => number, latencyMs: number): Promise<FarWay> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    keep(near);
    const far = connect({ port: target(), host: '127.0.0.1', allowHalfOpen: true });
    keep(far);
    pass(near, far, latencyMs);
    pass(far, near, latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens on no port');
  return {
    port: address.port,
    close() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(from: Socket, to: Socket, latencyMs: number): void {
  const later = (what: () => void): void => {
    setTimeout(what, latencyMs);
  };
  from.on('data', (chunk: Buffer) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.writable && to.end()));
  from.on('close', (hadError) => later(() => (hadError ? to.resetAndDestroy() : to.destroy())));
}
