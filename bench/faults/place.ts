import { memberAddress, memberOf, type Namespaces } from './namespaces.ts';
import { type Network, networkOf, whyNoCuts, whyNoDelay } from './network.ts';

/** What a fault may need of the place it happens at. */
export type Need = 'cuts' | 'delay' | 'mounts' | 'strace' | 'prlimit';

/** Where the servers run: each in a network of its own, or all on loopback. */
export interface Place {
  readonly kind: 'namespaces' | 'loopback';
  /** Addresses from which clients of the bench come. */
  readonly loadFrom: string;
  readonly strangerFrom: string;
  address(member: number): string;
  /** What a program of this member is started through. */
  prefix(member: number): readonly string[];
  readonly network?: Network;
  /** Why something cannot be done here; undefined where it can. */
  lacks(need: Need): string | undefined;
}

/** Servers of both ensembles together: three voters with an observer, then five voters. */
export const membersMax = 9;

export function placeIn(lab: Namespaces, lacksOfHost: (need: Need) => string | undefined): Place {
  const noCuts = whyNoCuts(lab);
  const noDelay = whyNoDelay(lab);
  return {
    kind: 'namespaces',
    loadFrom: '10.224.0.21',
    strangerFrom: '10.224.0.22',
    address: memberAddress,
    prefix: (member) => ['ip', 'netns', 'exec', memberOf(lab, member)],
    network: networkOf(lab),
    lacks(need) {
      if (need === 'cuts') return noCuts;
      if (need === 'delay') return noDelay;
      if (need === 'mounts') return undefined;
      return lacksOfHost(need);
    },
  };
}

export function loopbackPlace(lacksOfHost: (need: Need) => string | undefined): Place {
  return {
    kind: 'loopback',
    loadFrom: '127.0.0.21',
    strangerFrom: '127.0.0.22',
    address: (member) => `127.0.1.${member}`,
    prefix: () => [],
    lacks(need) {
      if (need === 'cuts' || need === 'delay') return 'needs network namespaces';
      return lacksOfHost(need);
    },
  };
}
