import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../src/model/reply.ts';
import { aCard } from '../../support/cards.ts';
import { until } from '../../support/until.ts';
import { type SlackBench, startBench } from './bench.ts';

const png = Buffer.from('not really a picture, but bytes \u0000\u0001\u00ff', 'latin1');

const charted: Reply = {
  outcome: 'done',
  visibility: 'private',
  blocks: [{ kind: 'text', text: 'write latency: ▁▂▇' }],
  pictures: [
    {
      name: 'orders.png',
      mediaType: 'image/png',
      alt: 'write latency of orders',
      base64: png.toString('base64'),
    },
  ],
};

describe('the pictures of an answer in Slack', () => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = await startBench();
    bench.reply = charted;
  });

  afterEach(() => bench.close());

  /** The files that hang in messages of a conversation, with their bytes. */
  function filesIn(id: string, threadTs?: string) {
    const { messages } = bench.slack.workspace.channels.get(id) ?? { messages: [] };
    return messages
      .filter((message) => message.threadTs === threadTs)
      .flatMap(({ raw }) => (raw['files'] ?? []) as { id: string; name: string; alt_txt: string }[])
      .map(({ id: file, name, alt_txt }) => ({
        name,
        alt: alt_txt,
        bytes: bench.slack.workspace.files.get(file)?.bytes,
      }));
  }

  it('go into the thread of the card they were asked on', async () => {
    await bench.show(aCard());
    const [card] = bench.slack.channel('C0000OPS').messages;

    await bench.slack.click(card!, 'Acknowledge', 'U0ANNA');

    const [file] = await until('a file in the thread', () => {
      const files = filesIn('C0000OPS', card?.ts);
      return files.length > 0 ? files : undefined;
    });
    expect(file).toEqual({ name: 'orders.png', alt: 'write latency of orders', bytes: png });
    expect(bench.slack.ephemerals('U0ANNA')).toHaveLength(1);
  });

  it('go to the person alone where only they see the answer', async () => {
    await bench.slack.slash('/zk chart orders', 'U0ANNA');

    await until('a file in the direct message', () => filesIn('D0ANNA').length === 1);
    expect(filesIn('C0000OPS')).toEqual([]);
  });

  it('go into the conversation where everybody sees the answer', async () => {
    bench.reply = { ...charted, visibility: 'public' };

    await bench.slack.slash('/zk chart orders', 'U0ANNA');

    await until('a file in the conversation', () => filesIn('C0000OPS').length > 0);
    expect(filesIn('C0000OPS')).toMatchObject([{ name: 'orders.png' }]);
  });

  it.each([
    ['files.getUploadURLExternal', 'missing_scope'],
    ['files.completeUploadExternal', 'not_in_channel'],
    ['conversations.open', 'missing_scope'],
  ])('are missed in words when %s fails', async (method, error) => {
    bench.slack.fault(method, { kind: 'error', error });

    await bench.slack.slash('/zk chart orders', 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', '▁▂▇');
    const said = await bench.slack.expectEphemeral('U0ANNA', 'could not be uploaded');
    expect(said.text).toContain('files:write');
  });
});
