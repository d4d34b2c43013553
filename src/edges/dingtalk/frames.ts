import { z } from 'zod';
import { parseJson } from './wire.ts';

const frameSchema = z.object({
  type: z.string(),
  headers: z.looseObject({
    topic: z.string().default(''),
    messageId: z.string().default(''),
    eventId: z.string().exactOptional(),
    /** When it was sent, by DingTalk's clock. */
    time: z.coerce.number().catch(Number.NaN),
  }),
  data: z.string().default(''),
});

/** A frame of the stream, as far as it concerns us. open.dingtalk.com, stream-mode-protocol-access-description. */
export type Frame = z.output<typeof frameSchema> & {
  /** When it came, `performance.now()`: when it could be read by then, or before, where it had to wait for us. */
  readonly heardMs: number;
};

/** Reads a frame; undefined for what is none. */
export function readFrame(data: unknown, heardMs: number): Frame | undefined {
  const read = frameSchema.safeParse(parseJson(String(data)));
  return read.success ? { ...read.data, heardMs } : undefined;
}

/** What is answered to a frame. */
export type FrameAnswer =
  /** The robot's and the card's: what a card shows from now on, or nothing. */
  | {
      readonly kind: 'response';
      readonly response: object | null;
      /** Hears, once, whether DingTalk has it, and by when (`performance.now()`) at the latest it had. */
      readonly onArrived?: (arrivedMs: number | undefined) => void;
    }
  | { readonly kind: 'event'; readonly status: 'SUCCESS' | 'LATER' };

export function answerData(answer: FrameAnswer): object {
  switch (answer.kind) {
    case 'response':
      return { response: answer.response };
    case 'event':
      return { status: answer.status };
  }
}
