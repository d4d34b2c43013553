import { isIP } from 'node:net';
import type { Endpoint } from '../model/ensemble.ts';

/** Reads `host:port`, `10.0.0.1:2181` or `[::1]:2181`; undefined for anything else. */
export function parseEndpoint(value: unknown): Endpoint | undefined {
  if (typeof value !== 'string') return undefined;
  const match =
    /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})))[:](\d{1,5})$/u.exec(value);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  if (match?.[1] !== undefined && isIP(host) !== 6) return undefined;
  return { host, port };
}

/** The way back: IPv6 in brackets. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Names servers after their machines: the first label of the host where that is enough to tell them apart, `host:port` otherwise.
 * An address is no name.
 */
export function serverIds(endpoints: readonly Endpoint[]): readonly string[] {
  const labels = endpoints.map(({ host }) => (isIP(host) === 0 ? host.split('.')[0] : undefined));
  return endpoints.map((endpoint, index) => {
    const label = labels[index];
    const alone = label !== undefined && labels.filter((other) => other === label).length === 1;
    return alone ? label : endpointText(endpoint);
  });
}
