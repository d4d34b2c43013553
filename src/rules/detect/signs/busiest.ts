import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { ClientAddress } from '../../../model/survey.ts';

/** Who sent most longer ago may be gone. A server with too much to do does not tell in between. */
const keptMs = 3_600_000;

/** Who sends most. */
export type BusiestClient = ClientAddress & Required<Pick<ClientAddress, 'receivedPerSecond'>>;

/** The address that sent most a second to one of these servers when they were last surveyed. Reads are among what it sent. */
export function busiestClient(
  view: EnsembleView,
  servers: readonly ServerId[] = view.ensemble.servers.map(({ id }) => id),
): BusiestClient | undefined {
  return servers
    .flatMap((server) => {
      const clients = view.surveys?.[server]?.clients;
      return clients === undefined || clients.atMs < view.atMs - keptMs ? [] : clients.byAddress;
    })
    .filter((client): client is BusiestClient => client.receivedPerSecond !== undefined)
    .toSorted((a, b) => b.receivedPerSecond - a.receivedPerSecond)[0];
}

/** A line that a person can check; none where nobody is known. */
export function busiestLine(client: BusiestClient | undefined): readonly string[] {
  return client === undefined
    ? []
    : [`${client.address}: ${client.receivedPerSecond} requests a second`];
}
