import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, numberOf, quorumOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';

/** `After stopping zk2: 2 of 3, quorum is 2: margin 0.` */
function after(facts: Facts): string {
  const { voters, quorum } = quorumOf(facts);
  const left = numberOf(facts, 'after');
  const margin = numberOf(facts, 'margin');
  const name = textOf(facts, 'server');
  if (textOf(facts, 'role') === 'observer')
    return `${name} is an observer: stopping it does not touch the quorum.`;
  if (flagOf(facts, 'lost'))
    return `The quorum is lost already. With ${name} back, ${numberOf(facts, 'capable')} of ${voters} can serve, and ${quorum} are needed.`;
  const sum = `After stopping ${name}: ${left} of ${voters}, quorum is ${quorum}: margin ${margin}.`;
  return margin < 0 ? `${sum} Nobody can write until it is back.` : sum;
}
/** What is asked before servers are restarted. */
export const restartFormEn = {
  title: (server: string) => `Restart ${server}?`,
  titleAll: (what: string, ensemble: string) => `${what} of ${ensemble}?`,
  order: (servers: readonly string[]) =>
    byCount(
      servers.length,
      `Restarts ${commonEn.list(servers)}, which leads now.`,
      `One after the other, as it looks now: ${servers.join(', ')}. Each waits until all others serve in sync; it stops at the first doubt.`,
    ),
  now: (facts: Facts) => {
    const { voters, serving } = quorumOf(facts);
    return `${counted(voters, 'voter')}, ${serving} serving now.`;
  },
  after,
  led: (facts: Facts): string =>
    flagOf(facts, 'led') ? 'It is the leader: an election follows, writes pause for it.' : '',
  out: (facts: Facts): string =>
    flagOf(facts, 'serves') ? '' : 'It does not serve now, so a restart takes nothing away.',
  standalone: (facts: Facts): string =>
    flagOf(facts, 'standalone')
      ? 'It is the only server: clients have an outage until it is back.'
      : '',
  runs: (command: string) => `Runs: ${command}`,
  nobody: 'Nobody else has an incident here or acts on it.',
  has: (name: string, id: number, atMs: number) =>
    `${name} has incident #${id} of this ensemble since ${commonEn.time(atMs)}.`,
  acts: (what: string, name: string, atMs: number) =>
    `${what}: asked for by ${name} at ${commonEn.time(atMs)}.`,
  dryRun: 'Dry run: ask the guard and show what would run, but do nothing',
  reason: 'Why? It is kept in the audit.',
  submit: 'Restart',
  cancel: 'Leave it',
};
