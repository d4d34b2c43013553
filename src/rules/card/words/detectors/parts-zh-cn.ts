import type { Facts, Subject } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { flagOf, listOf, quorumOf, textOf } from '../facts.ts';

const { list, sentences } = commonZhCn;

/** `orders/zk2`, or `orders` for the ensemble as a whole. */
export function at(subject: Subject): string {
  return subject.server === undefined ? subject.ensemble : `${subject.ensemble}/${subject.server}`;
}

/** `orders/zk2、zk3`: a server, and the others that one cut took with it. */
export function those(subject: Subject, facts: Facts): string {
  const others = listOf(facts, 'others');
  return others.length === 0 || subject.server === undefined
    ? at(subject)
    : `${subject.ensemble}/${list([subject.server, ...others])}`;
}

/** How many of the voters serve. */
export function serving(facts: Facts): string {
  const { voters, serving: count } = quorumOf(facts);
  return `${voters} 个投票节点中 ${count} 个在提供服务`;
}

/** The same, and how many more may fail. */
export function standing(facts: Facts): string {
  const { voters, margin } = quorumOf(facts);
  if (margin < 0) return `${serving(facts)}，已无法写入`;
  if (margin === 0 && voters > 1) return `${serving(facts)}，再坏一个将无法写入`;
  return serving(facts);
}

/** What the loss of one server means for clients. */
export function loss(facts: Facts): string {
  const { margin, quorum, voters: all } = quorumOf(facts);
  if (textOf(facts, 'role') === 'observer')
    return 'observer 没有投票权，写入不受影响；连在它上面的客户端会转到其他节点。';
  return sentences([
    flagOf(facts, 'led') && all > 1
      ? '它原是 leader，在其他节点选出新 leader 之前写入暂停。'
      : margin < 0
        ? `提供服务的投票节点少于 ${quorum} 个，写入已停止。`
        : '写入不受影响，连在它上面的客户端会转到其他节点。',
    margin === 0 ? '已没有冗余的投票节点。' : '',
  ]);
}
