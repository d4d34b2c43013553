import type { Bulletin, Bulletins } from '../../ports/bulletin.ts';
import type { Log } from '../../ports/log.ts';
import type { RedisLink } from './connect.ts';
import { plainMessage } from './failure.ts';

/**
 * Hints between replicas over pub/sub, on a connection of their own. The client subscribes again by itself after an outage; hints
 * told meanwhile are lost, as the port allows.
 */
export function createBulletins(redis: RedisLink, log: Log): Bulletins {
  const listeners = new Set<(bulletin: Bulletin) => void>();
  const channel = redis.keys.bulletins;
  const subscriber = redis.connection('listening');

  subscriber.on('message', (from: string, text: string) => {
    const bulletin = from === channel ? parse(text) : undefined;
    if (bulletin === undefined) return;
    for (const listener of listeners) {
      try {
        listener(bulletin);
      } catch (error) {
        log.error({ error, bulletin: bulletin.kind }, 'a listener failed on a bulletin');
      }
    }
  });
  subscriber.subscribe(channel).catch((error: unknown) => {
    // The connection was closed before Redis was ever reached; while it is open, the client tries for ever.
    log.debug({ reason: plainMessage(error) }, 'bulletins are not heard');
  });

  return {
    publish(bulletin) {
      redis
        .ask((client) => client.publish(channel, JSON.stringify(bulletin)))
        .catch((error: unknown) => {
          log.debug({ reason: plainMessage(error) }, 'a bulletin was not told');
        });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Undefined for what we cannot read: a hint of a newer version, or of somebody else. */
function parse(text: string): Bulletin | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
    if (value.kind === 'status' && 'ensemble' in value && typeof value.ensemble === 'string')
      return { kind: 'status', ensemble: value.ensemble };
    if (value.kind === 'card' && 'incident' in value && typeof value.incident === 'number')
      return { kind: 'card', incident: value.incident };
    return value.kind === 'replicas' ? { kind: 'replicas' } : undefined;
  } catch {
    return undefined;
  }
}
