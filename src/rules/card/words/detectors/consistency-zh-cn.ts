import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, placeOf, textOf } from '../facts.ts';
import type { consistencyEn } from './consistency-en.ts';
import type { FaultWords } from './en.ts';

const { duration, list, sentences } = commonZhCn;

export const consistencyZhCn: Record<keyof typeof consistencyEn, FaultWords> = {
  'digest-mismatch': {
    title: (subject) =>
      subject.server === undefined
        ? `${subject.ensemble}：各节点数据不一致，且没有多数可以判断谁是对的`
        : `${placeOf(subject)}：数据与其他节点不一致`,
    meaning: () => '客户端连到不同的节点会读到不同的结果，而且不会自行恢复。',
    advice: (_, { server }) =>
      server === undefined
        ? '停止一切节点操作，先备份每个节点的 version-2，再比较数据。'
        : `把客户端从 ${server} 移走，保留其数据目录的副本，然后让它重新同步数据；绝不要对 leader 这样做。`,
    symptom: ({ server }) => `${server ?? '各节点'}：数据不一致`,
    over: (subject) => `${placeOf(subject)}：数据已一致`,
  },
  'zxid-regression': {
    title: ({ ensemble }, facts) =>
      `${ensemble}：历史丢失 — 现在 ${textOf(facts, 'zxid')}，之前 ${textOf(facts, 'before')}`,
    meaning: (facts) =>
      `已确认的写入丢失了。见过它们的客户端会拒绝连接（“our last zxid is …”）。曾在 ${textOf(facts, 'seenOn')} 上看到更新的历史。`,
    advice: (facts) => {
      const restarted = listOf(facts, 'restarted');
      return sentences([
        '停止一切自动化。在启动任何节点之前，先备份每个节点的 version-2；以最长的历史为准。',
        restarted.length === 0 ? '' : `此后重启或被清空的节点：${list(restarted)}。`,
      ]);
    },
    symptom: (_, facts) => `历史退回到 ${textOf(facts, 'zxid')}`,
    over: ({ ensemble }, _, lastedMs) =>
      `${ensemble}：历史从较早的位置继续，${duration(lastedMs)}前发现`,
  },
  'znode-count-divergence': {
    title: (subject, facts) =>
      `${placeOf(subject)}：同一事务下有 ${numberOf(facts, 'nodes')} 个节点（znode），其他服务器有 ${numberOf(facts, 'othersNodes')} 个`,
    meaning: () => '它的数据可能与其他服务器不同，客户端可能读到不同的内容。',
    advice: () => '在同一事务下比较各服务器的摘要（hash）；如果不同，按数据不一致处理。',
    symptom: ({ server }, facts) => `${server}：znode 数为 ${numberOf(facts, 'nodes')}`,
    over: (subject) => `${placeOf(subject)}：znode 数与其他服务器一致`,
  },
  'epoch-mismatch': {
    title: (subject, facts) =>
      `${placeOf(subject)}：在 epoch ${numberOf(facts, 'epoch')} 上提供服务，leader 在 ${numberOf(facts, 'leaderEpoch')}`,
    meaning: () => '它没有跟随其他节点所跟随的 leader，其客户端可能读到旧数据。',
    advice: (facts, { server }) =>
      `查看 ${server} 与 ${textOf(facts, 'leader')} 各自跟随谁，并阅读 ${server} 的日志。`,
    symptom: ({ server }, facts) => `${server}：epoch ${numberOf(facts, 'epoch')}`,
    over: (subject) => `${placeOf(subject)}：已回到 leader 的 epoch`,
  },
  'membership-drift': {
    title: (subject, facts) =>
      `${placeOf(subject)}：成员列表与其他节点不同 — ${listOf(facts, 'differences')[0] ?? ''}`,
    meaning: (facts) =>
      facts['otherSet'] === true
        ? `它认为有 ${numberOf(facts, 'listed')} 个节点，其他节点认为有 ${numberOf(facts, 'expected')} 个。现在看不出影响，下次选举可能选不出 leader。`
        : '列表中节点相同，但端口、主机或角色不同：下次选举时节点之间可能连不上。',
    advice: (_, { server }) => `修正 ${server} 的 server 行并重启它；在此之前不要重启其他节点。`,
    symptom: ({ server }, facts) => `${server}：${listOf(facts, 'differences')[0] ?? '列表不同'}`,
    over: (subject) => `${placeOf(subject)}：成员列表已与其他节点一致`,
  },
  'myid-mismatch': {
    title: (subject, facts) =>
      `${placeOf(subject)}：编号是 ${numberOf(facts, 'number')}，${numberOf(facts, 'expected') < 0 ? '与另一个节点相同' : `应为 ${numberOf(facts, 'expected')}`}`,
    meaning: (facts) =>
      sentences([
        '它无法以自己的身份加入集群：绑定端口失败，或顶替了别的节点。',
        textOf(facts, 'twin') === '' ? '' : `${textOf(facts, 'twin')} 也是这个编号。`,
      ]),
    advice: (_, { server }) =>
      `修正 ${server} 数据目录中的 myid 或它的 server 行，再启动。复制数据目录时绝不要带上 myid。`,
    symptom: ({ server }, facts) => `${server}：编号是 ${numberOf(facts, 'number')}`,
    over: (subject) => `${placeOf(subject)}：编号已正确`,
  },
  'config-param-drift': {
    title: ({ ensemble }, facts) =>
      `${ensemble}：各节点配置不同 — ${list(listOf(facts, 'settings'))}`,
    meaning: () => '各节点的行为不同，换了 leader 之后整个集群的行为也可能改变。',
    advice: () => '在下次计划重启时把配置统一，不着急。',
    symptom: (_, facts) => `配置不同：${list(listOf(facts, 'settings'))}`,
    over: ({ ensemble }) => `${ensemble}：配置已一致`,
  },
  'version-skew': {
    title: ({ ensemble }, facts) =>
      `${ensemble}：各节点版本不同 — ${list(listOf(facts, 'versions'))}`,
    meaning: (facts) =>
      numberOf(facts, 'youngestMs') > 86_400_000
        ? `升级已停了 ${duration(numberOf(facts, 'youngestMs'))}，没有人继续。`
        : '升级过程中这是正常的。',
    advice: () => '完成升级或回退，一次一个节点，leader 最后。',
    symptom: (_, facts) => `版本 ${list(listOf(facts, 'versions'))}`,
    over: ({ ensemble }) => `${ensemble}：版本已一致`,
  },
};
