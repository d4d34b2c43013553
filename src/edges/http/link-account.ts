import type { FastifyInstance } from 'fastify';
import { contextOf, sendPage } from './context.ts';
import { sendFault } from './faults.ts';
import type { ConsoleOptions } from './options.ts';
import { linkOutcomePage, linkPage } from './pages/link.ts';

/** Presses of the button per minute from one address: keys cannot be guessed, and nobody should try. */
const triesMax = 20;

/** What a link that leads here is about. */
export interface LinkQuestion {
  /** `slack` */
  readonly via: string;
  readonly handle: string;
  readonly name: string;
  /** What they wanted, as typed: `ack 12`. */
  readonly line: string;
}

/** Lets somebody who is signed in say that an account of a chat is theirs. */
export interface Linking {
  question(key: string): Promise<LinkQuestion | undefined>;
  answer(key: string, person: string): Promise<'linked' | 'taken' | 'over' | 'unknown-person'>;
}

/**
 * The page on which a person says that an account of a chat is theirs. Who merely sits at this machine is nobody in particular, so it
 * wants a sign-in; and it wants a press on a page that names the account, because a link may come from somebody else.
 */
export function addLinking(app: FastifyInstance, options: ConsoleOptions, linking: Linking): void {
  app.get<{ Params: { key: string } }>('/link/:key', async (request, reply) => {
    const { visitor } = request;
    const context = contextOf(request, options);
    if (visitor?.way !== 'session') return sendPage(reply, linkOutcomePage('local', context), 403);
    const question = await linking.question(request.params.key);
    return question === undefined
      ? sendPage(reply, linkOutcomePage('over', context), 410)
      : sendPage(reply, linkPage(question, context));
  });

  app.post<{ Params: { key: string } }>(
    '/link/:key',
    { config: { rateLimit: { max: triesMax, timeWindow: 60_000 } } },
    async (request, reply) => {
      const { visitor } = request;
      if (visitor?.way !== 'session') return sendFault(request, reply, 'sign-in-needed', options);
      const outcome = await linking.answer(request.params.key, visitor.person);
      const status = { linked: 200, taken: 409, over: 410, 'unknown-person': 403 }[outcome];
      return sendPage(reply, linkOutcomePage(outcome, contextOf(request, options)), status);
    },
  );
}
