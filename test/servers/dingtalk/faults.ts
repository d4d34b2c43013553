import type { IncomingMessage, ServerResponse } from 'node:http';

/** How a call goes wrong. */
export type DingTalkFault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** A page instead of an answer, as a proxy or a ban of the address sends it (CHAT §2.7). */
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'hang' }
  /** The connection is cut `before` anything was done, or `after`. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' };

export function misbehave(
  fault: DingTalkFault,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  switch (fault.kind) {
    case 'refuse':
      response
        .writeHead(fault.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code: fault.code, message: fault.code }));
      return;
    case 'page':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>no</html>');
      return;
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
  }
}
