import type { AdminFacts } from '../../model/survey.ts';
import { objectIn } from './parse-monitor.ts';

/**
 * Reads from the AdminServer's `system_properties` the few settings that open doors. Nothing else of it is kept: it may hold
 * passwords. An AdminServer that answered at all is open, whatever it said.
 */
export function parseAdminFacts(text: string, atMs: number): AdminFacts {
  const properties = objectIn(text);
  const valueOf = (key: string): string | undefined => {
    const value = properties?.[`zookeeper.${key}`];
    return typeof value === 'string' ? value.trim() : undefined;
  };
  const words = valueOf('4lw.commands.whitelist');
  const snapshot = flagIn(valueOf('admin.snapshot.enabled'));
  const restore = flagIn(valueOf('admin.restore.enabled'));
  const maxBuffer = properties?.['jute.maxbuffer'];
  const quorumKeys = ['ssl.quorum.keyStore.location', 'sslQuorum'].map(valueOf);
  return {
    atMs,
    open: true,
    ...(words === undefined
      ? {}
      : { allWords: words.split(',').some((one) => one.trim() === '*') }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(restore === undefined ? {} : { restore }),
    ...(typeof maxBuffer === 'string' && /^[1-9]\d{0,14}$/u.test(maxBuffer)
      ? { maxBufferBytes: Number(maxBuffer) }
      : {}),
    ...(quorumKeys.some((key) => key !== undefined && key !== '' && key !== 'false')
      ? { quorumTls: true }
      : {}),
  };
}

function flagIn(text: string | undefined): boolean | undefined {
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}
