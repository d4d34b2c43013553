import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Person } from '../../model/person.ts';
import type { Caller } from '../../ports/act.ts';
import { words } from '../../rules/card/words/words.ts';
import type { Html } from './html.ts';
import type { Visitor } from './identity.ts';
import { languageCookie, languageOf } from './language.ts';
import type { ConsoleOptions } from './options.ts';
import type { PageContext, Theme } from './pages/layout.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null before it is known and on pages that are open to everyone. */
    visitor: Visitor | null;
  }
  interface FastifyContextConfig {
    /** Answered without a sign-in. */
    open?: boolean;
  }
}

/** The cookie that keeps the theme chosen in the header. */
export const themeCookie = 'nk_theme';

/** What a page must know of its reader, from the request. */
export function contextOf(request: FastifyRequest, options: ConsoleOptions): PageContext {
  const { visitor } = request;
  const settings = options.settings();
  const language = languageOf({
    chosen: request.cookies[languageCookie],
    person: personOf(visitor, settings.people)?.language,
    acceptLanguage: request.headers['accept-language'],
    fallback: settings.language,
  });
  const { console, common } = words(language);
  return {
    words: console,
    common,
    language,
    theme: themeOf(request.cookies[themeCookie]),
    nowMs: options.clock.now(),
    csrf: visitor?.csrf ?? '',
    ...(visitor === null ? {} : { name: visitor.name }),
    canSignOut: visitor?.way === 'session',
  };
}

/** The caller of an invocation. A program that speaks for a person is `api`, or `cli` if it says so. */
export function callerOf(
  request: FastifyRequest,
  visitor: Visitor,
  options: ConsoleOptions,
): Caller {
  const { language } = contextOf(request, options);
  return { via: viaOf(request, visitor), handle: visitor.person, name: visitor.name, language };
}

function viaOf(request: FastifyRequest, visitor: Visitor): string {
  if (visitor.way === 'session' || request.headers['x-csrf-token'] !== undefined) return 'console';
  return request.headers['x-nightkeeper-via'] === 'cli' ? 'cli' : 'api';
}

export function sendPage(reply: FastifyReply, page: Html, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page.text);
}

function personOf(visitor: Visitor | null, people: readonly Person[]): Person | undefined {
  return people.find((person) => person.id === visitor?.person);
}

function themeOf(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto';
}
