import { describe, expect, it } from 'vitest';
import {
  createFrameCutter,
  handshakeBytes,
  replyBytes,
} from '../../../src/edges/zookeeper/session-frames.ts';
import { aFrame, aHandshake, aReply } from './stranger.ts';

describe('the frame cutter', () => {
  it('gives nothing before a frame is complete, whatever the cuts', () => {
    const bytes = Buffer.concat([aReply(1, 0, Buffer.from('one')), aReply(2, -101)]);
    const cutter = createFrameCutter();
    const frames: Buffer[] = [];

    for (const byte of bytes) {
      cutter.push(Buffer.from([byte]));
      for (let next = cutter.next(replyBytes); next; next = cutter.next(replyBytes)) {
        frames.push(next);
      }
    }

    expect(frames).toEqual([aReply(1, 0, Buffer.from('one')), aReply(2, -101)]);
  });

  it('gives all frames of one chunk, and keeps the rest', () => {
    const cutter = createFrameCutter();
    cutter.push(Buffer.concat([aReply(1, 0), aReply(2, 0), aReply(3, 0).subarray(0, 7)]));

    const first = cutter.next(replyBytes);
    const second = cutter.next(replyBytes);
    const none = cutter.next(replyBytes);
    cutter.push(aReply(3, 0).subarray(7));
    const third = cutter.next(replyBytes);

    expect([first, second, none, third]).toEqual([
      aReply(1, 0),
      aReply(2, 0),
      undefined,
      aReply(3, 0),
    ]);
  });

  it('takes a handshake of 3.3 without the read-only byte and a newer one with it', () => {
    const cutter = createFrameCutter();
    const old = aFrame(aHandshake().subarray(4, 40));
    cutter.push(Buffer.concat([old, aHandshake()]));

    const frames = [cutter.next(handshakeBytes), cutter.next(handshakeBytes)];

    expect(frames).toEqual([old, aHandshake()]);
  });

  it.each([
    ['negative', -1, replyBytes],
    ['empty', 0, replyBytes],
    ['shorter than a head', 15, replyBytes],
    ['longer than a reply may be', replyBytes.max + 1, replyBytes],
    ['the word HTTP', 0x48545450, handshakeBytes],
    ['a reply where a handshake must come', 16, handshakeBytes],
  ])('refuses a length that is %s before it keeps anything of it', (_what, bytes, allowed) => {
    const cutter = createFrameCutter();
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes);
    cutter.push(length);

    const cut = () => cutter.next(allowed);

    expect(cut).toThrow(expect.objectContaining({ code: 'zookeeper-protocol' }));
  });
});
