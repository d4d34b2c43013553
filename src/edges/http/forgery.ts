import { isLoopback, isSame, type Visitor } from './identity.ts';

/** What a request says about the page it came from. */
export interface Provenance {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which no page can set. */
  readonly fetchSite: string | undefined;
  /** The token of the page, from its header or a hidden field. */
  readonly csrf: string | undefined;
}

/**
 * Whether the console was called by a name it does not have. On loopback that is how a foreign page reaches it after rebinding its
 * own name to 127.0.0.1; beyond loopback the sign-in protects.
 */
export function isForeignHost(
  host: string | undefined,
  own: { readonly host: string; readonly publicUrl: string | undefined },
): boolean {
  if (!isLoopback(own.host)) return false;
  const name = hostName(host);
  if (name === undefined) return true;
  if (isLoopback(name)) return false;
  return own.publicUrl === undefined || name !== new URL(own.publicUrl).hostname;
}

/**
 * Whether a change may come from a page that is not ours. Requests with a Bearer token are never: browsers do not add it by
 * themselves. A local program that is no browser sends neither Origin nor Sec-Fetch-Site and needs no page token.
 */
export function isForged(
  from: Provenance,
  visitor: Visitor,
  publicUrl: string | undefined,
): boolean {
  if (/^(?:GET|HEAD|OPTIONS)$/u.test(from.method) || visitor.way === 'bearer') return false;
  if (isCrossSite(from, publicUrl)) return true;
  const isBrowser = from.origin !== undefined || from.fetchSite !== undefined;
  if (visitor.way === 'local' && !isBrowser) return false;
  return from.csrf === undefined || !isSame(from.csrf, visitor.csrf);
}

/** Whether the browser says that another site's page made this request. */
export function isCrossSite(from: Provenance, publicUrl: string | undefined): boolean {
  if (from.fetchSite !== undefined && !/^(?:same-origin|none)$/u.test(from.fetchSite)) return true;
  if (from.origin === undefined) return false;
  if (!URL.canParse(from.origin)) return true;
  const origin = new URL(from.origin);
  if (publicUrl !== undefined && origin.origin === new URL(publicUrl).origin) return false;
  return origin.host !== from.host?.toLowerCase();
}

/** `[::1]:8420` → `::1` */
function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/gu, '').replace(/\.$/u, '');
}
