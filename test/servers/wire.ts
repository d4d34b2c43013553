import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The way of one bot to one far side, which a test can cut: for a while, or right after a message has arrived. */
export interface Wire {
  readonly port: number;
  /**
   * After the next message has arrived, and before its sender hears of it, `cut` is called. Where it answers true the answer is thrown
   * away; otherwise the message after it is waited for. The answer waits for it.
   */
  arm(cut: () => boolean | Promise<boolean>): void;
  disarm(): void;
  /** Nobody is there. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Breaks the connections that stand now. */
  reset(): void;
}

/** Opens a wire to a port of this machine. `isMessage` tells a message from all else that goes there. */
export async function openWire(to: number, isMessage: (sent: Buffer) => boolean): Promise<Wire> {
  const sockets = new Set<Socket>();
  let armed: (() => boolean | Promise<boolean>) | undefined;
  let server: Server | undefined;
  let port = 0;

  function carry(near: Socket): void {
    const far = connect(to, '127.0.0.1');
    let isLoaded = false;
    const end = (): void => {
      near.destroy();
      far.destroy();
      sockets.delete(near);
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    sockets.add(near);
    near.on('data', (sent: Buffer) => {
      isLoaded ||= armed !== undefined && isMessage(sent);
      far.write(sent);
    });
    far.on('data', (answer: Buffer) => {
      const cut = isLoaded ? armed : undefined;
      isLoaded = false;
      if (cut === undefined) {
        near.write(answer);
        return;
      }
      armed = undefined;
      far.pause();
      void Promise.resolve(cut()).then((isCut) => {
        if (isCut) return end();
        armed ??= cut;
        near.write(answer);
        far.resume();
      });
    });
  }

  async function up(): Promise<void> {
    if (server !== undefined) return;
    const opened = createServer(carry);
    server = opened;
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
    port = (opened.address() as AddressInfo).port;
  }

  function reset(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  await up();
  return {
    port,
    arm: (cut) => {
      armed = cut;
    },
    disarm: () => {
      armed = undefined;
    },
    async down() {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      reset();
      await closed;
    },
    up,
    reset,
  };
}

/** The first bytes of a request that posts or edits a message in Slack. */
export function isSlackMessage(sent: Buffer): boolean {
  return /^POST \/api\/chat\.(?:postMessage|update) /u.test(
    sent.subarray(0, 64).toString('latin1'),
  );
}

/** The first bytes of a request that posts or changes a card in DingTalk. */
export function isDingTalkCard(sent: Buffer): boolean {
  return /^(?:POST|PUT) \/v1\.0\/card\/instances(?:\/createAndDeliver)? /u.test(
    sent.subarray(0, 64).toString('latin1'),
  );
}

export function isPost(sent: Buffer): boolean {
  return sent.subarray(0, 5).toString('latin1') === 'POST ';
}

/** What goes to the mail server is encrypted: only the text of a mail is that long. */
export function isMailText(sent: Buffer): boolean {
  return sent.length > 3_000;
}
