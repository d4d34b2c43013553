import type { Facts, Subject } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, listOf, quorumOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';

const { list, sentences } = commonEn;

/** `orders/zk2`, or `orders` for the ensemble as a whole. */
export function at(subject: Subject): string {
  return subject.server === undefined ? subject.ensemble : `${subject.ensemble}/${subject.server}`;
}

/** `orders/zk2 and zk3`: a server, and the others that one cut took with it. */
export function those(subject: Subject, facts: Facts): string {
  const others = listOf(facts, 'others');
  return others.length === 0 || subject.server === undefined
    ? at(subject)
    : `${subject.ensemble}/${list([subject.server, ...others])}`;
}

/** `3 voters` */
export function voters(count: number): string {
  return counted(count, 'voter');
}

/** `2 of 3 voters serving, one more failure stops writes` */
export function standing(facts: Facts): string {
  const { voters: all, serving, margin } = quorumOf(facts);
  const count = `${serving} of ${voters(all)} serving`;
  if (margin < 0) return `${count}, writes are stopped`;
  if (margin === 0 && all > 1) return `${count}, one more failure stops writes`;
  return count;
}

/** What the loss of one server means for clients. */
export function loss(facts: Facts): string {
  const { margin, quorum, voters: all } = quorumOf(facts);
  if (textOf(facts, 'role') === 'observer')
    return 'An observer has no vote: writes go on. Clients connected to it move to other servers.';
  return sentences([
    flagOf(facts, 'led') && all > 1
      ? 'It was the leader: writes pause until the others have elected another.'
      : margin < 0
        ? `Fewer than ${voters(quorum)} ${byCount(quorum, 'serves', 'serve')}: writes are stopped.`
        : 'Writes go on. Clients connected to it move to other servers.',
    margin === 0 ? 'There is no spare voter left.' : '',
  ]);
}
