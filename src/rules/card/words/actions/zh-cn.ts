import type { Facts } from '../../../../model/finding.ts';
import type { PhaseName } from '../../../../model/phase.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { bytesOf, flagOf, listOf, numberOf, textOf } from '../facts.ts';
import type { ActionsWords, ActionText } from './en.ts';

const { duration } = commonZhCn;

const inSync = '节点以原角色提供服务并已同步，连续三次检查均正常。';
const leaveIt = '重启没有可以撤回的步骤；出了什么问题会写在卡片上。';

function files(facts: Facts): string {
  const count = numberOf(facts, 'count');
  const names = listOf(facts, 'files');
  const more = count > names.length ? ` 等` : '';
  return `${count} 个文件（${bytesOf(facts, 'bytes')}）：${names.join('、')}${more}`;
}

function session(facts: Facts): string {
  const address = textOf(facts, 'address');
  const ageMs = numberOf(facts, 'ageMs', -1);
  const watches = numberOf(facts, 'watches', -1);
  const count = numberOf(facts, 'ephemerals');
  const paths = listOf(facts, 'paths');
  const more = count > paths.length ? ` 等 ${count} 个` : '';
  return [
    `${textOf(facts, 'session')}（`,
    address === '' ? '未连接' : `来自 ${address}，连接在 ${textOf(facts, 'server')}`,
    ...(ageMs < 0 ? [] : [`，已连接 ${duration(ageMs)}`]),
    `，${count} 个临时 znode${count === 0 ? '' : `：${paths.join('、')}${more}`}`,
    watches < 0 ? '，watch 数未知）' : `，${watches} 个 watch）`,
  ].join('');
}

const byName: Readonly<Record<string, ActionText>> = {
  'restart-server': {
    name: (server) => `重启 ${server}`,
    worked: () => '已恢复服务并完成同步',
    verify: inSync,
    abort: leaveIt,
  },
  'rolling-restart': {
    name: () => '滚动重启',
    worked: () => '所有节点均已同步',
    verify: `${inSync}之后才轮到下一个。`,
    abort: '一有疑点就停下；之后可用 --resume 继续处理剩下的节点。',
  },
  'move-leader': {
    name: () => '切换 leader',
    worked: () => '已由另一个节点担任 leader',
    verify: `${inSync}并且 leader 已换成另一个节点。`,
    abort: leaveIt,
  },
  'resync-server': {
    name: (server) => `重新同步 ${server}`,
    worked: (facts) =>
      `已从 ${textOf(facts, 'leader')} 获取全部数据并完成同步；旧数据保留为 ${textOf(facts, 'aside') || 'version-2.bad.…'}`,
    verify: 'leader 发送了快照，两者节点数一致，该节点已同步并提供服务，连续三次检查均正常。',
    abort:
      '在空数据启动之前失败：数据放回原处并照原样启动。之后失败：旧数据继续保留在旁边；如果它成为 leader 或原 leader 消失，则再次停止它。',
  },
  'purge-snapshots': {
    name: (server) => `清理 ${server} 的快照`,
    worked: () => '旧文件已删除，节点正常提供服务',
    verify: '文件已删除，保留的快照都在，节点照常提供服务。',
    abort: '已删除的文件无法恢复；尚未删除的保持不变。',
  },
  'add-member': {
    name: (server) => `添加成员 ${server}`,
    worked: (facts) =>
      `所有成员均已知晓。撤销：/zk recover remove-member（${textOf(facts, 'server')}）`,
    verify: '所有成员的新配置一致，leader 按新的法定人数计数。',
    abort: '不会自动撤回：请先查看各成员，再把它移除。',
  },
  'remove-member': {
    name: (server) => `移除成员 ${server}`,
    worked: (facts) =>
      `其余成员均已知晓。撤销：先启动它，再执行 /zk recover add-member（${textOf(facts, 'member')}）`,
    verify: '留下的成员新配置一致，leader 按新的法定人数计数，该节点已停止。',
    abort: '不会自动撤回：请启动该节点，再用所示的一行重新添加。',
  },
  'run-command': {
    name: (server, argument) => `在 ${server} 上运行 ${argument}`,
    worked: () => '命令正常结束，输出已保存',
    verify: '命令以退出码 0 结束。',
    abort: '无：命令做了什么只有编写者清楚。',
  },
  'kill-session': {
    name: (server) => `结束会话 ${server}`,
    worked: () => '所有节点都已没有这个会话，其临时 znode 也已全部消失',
    verify: '所有节点都不再有该会话，其临时 znode 全部消失。',
    abort: '无法恢复：客户端必须新建会话。',
  },
  'drop-connection': {
    name: (server) => `断开会话 ${server} 的连接`,
    worked: () => '该连接已断开；正常的客户端会带着同一会话回来',
    verify: '该连接已消失，或会话有了新的连接。',
    abort: '无：会话仍在，客户端不回来则自行过期。',
  },
};

const phases: Readonly<Record<PhaseName, (facts: Facts) => string>> = {
  restart: (facts) => `重启 ${textOf(facts, 'server')}`,
  stop: (facts) => `停止 ${textOf(facts, 'server')}，等待它完全退出`,
  'set-aside': (facts) =>
    `把数据移到一旁：${textOf(facts, 'dir')}/version-2 改名为 ${textOf(facts, 'aside')}，不删除任何内容`,
  'put-back': (facts) =>
    `把数据放回原处：${textOf(facts, 'aside')} 改名为 ${textOf(facts, 'dir')}/version-2`,
  start: (facts) =>
    flagOf(facts, 'empty')
      ? `以空数据启动 ${textOf(facts, 'server')}：从 ${textOf(facts, 'leader')} 获取全部数据`
      : `启动 ${textOf(facts, 'server')}`,
  'remove-files': (facts) => `删除 ${files(facts)}`,
  purge: (facts) =>
    `清理，保留最新的 ${numberOf(facts, 'keep')} 个快照及其日志，约删除 ${files(facts)}`,
  reconfigure: (facts) => `变更成员（仅当期间无人变更）：${textOf(facts, 'line')}`,
  'kill-session': (facts) => `结束会话 ${session(facts)}。其临时 znode 会消失，客户端必须新建会话`,
  'drop-connection': (facts) => `断开会话 ${session(facts)} 的连接。客户端正常时会带着同一会话回来`,
  command: (facts) => `在 ${textOf(facts, 'server')} 所在机器上运行 ${textOf(facts, 'command')}`,
};

const outcomes: Readonly<Record<string, (facts: Facts) => string>> = {
  'outcome-unknown': () => '机器人在中途退出，已开始的步骤看不到效果：请先查看这台机器',
  'not-as-left': () => '机器人在中途退出，之前的结果已不再成立：请查看各节点',
  'session-stands': () => '会话或其连接仍然存在：请查看各节点的 cons 和 dump',
  'session-refused': () =>
    '没有节点允许机器人接管该会话，因此未结束任何内容；节点的应答已随恢复操作保存',
  'no-stop': (facts) => `停止之后 ${textOf(facts, 'server')} 仍有应答`,
  'no-set-aside': () => '数据未能移到一旁',
  'no-put-back': () => '数据未能放回原处：目录仍以带日期的名字保留',
  'no-start': (facts) => `${textOf(facts, 'server')} 未能按时带着全部数据恢复：请查看其日志`,
  'no-remove-files': () => '应删除的文件仍然存在',
  'no-purge': () => '清理之后应删除的文件仍然存在',
  'no-reconfigure': () => '各成员的新配置不一致',
  'no-command': () => '命令未正常结束',
  'reconfig-no-auth': () =>
    'ZooKeeper 不允许机器人变更成员：请通过 restart.zkAuth 提供用户，并授予其 /zookeeper/config 的权限',
  'reconfig-bad-version': () => '刚刚有其他人变更了成员，因此未做任何变更：请查看后重新申请',
  'reconfig-no-quorum': () => 'ZooKeeper 拒绝：新配置中已同步的投票节点不足',
  'reconfig-disabled': () =>
    'ZooKeeper 拒绝：未开启动态配置，请在每个节点上设置 reconfigEnabled=true',
  'reconfig-in-progress': () => 'ZooKeeper 拒绝：另一项成员变更正在进行',
};

export const actionsZhCn: ActionsWords = {
  name: (action, server, argument) =>
    Object.hasOwn(byName, action)
      ? (byName[action]?.name(server, argument ?? '') ?? action)
      : `${action} ${server}`,
  worked: (action, facts) =>
    Object.hasOwn(byName, action) ? (byName[action]?.worked(facts) ?? '') : '',
  verify: (action) => (Object.hasOwn(byName, action) ? (byName[action]?.verify ?? '') : ''),
  abort: (action) => (Object.hasOwn(byName, action) ? (byName[action]?.abort ?? '') : ''),
  phase: (name, facts) => phases[name](facts),
  outcome: (code, facts) => (Object.hasOwn(outcomes, code) ? outcomes[code]?.(facts) : undefined),
  undone: '之前的步骤已撤回',
  plan: {
    title: '将依次执行：',
    step: (number, text, server, command) =>
      `${number}. ${text}${command === '' ? '' : `\n   在 ${server} 上：${command}`}`,
    verify: (text) => `判定成功：${text}`,
    abort: (text) => `若某步失败：${text}`,
    changed: '自申请以来计划已有变化；以下是当前的计划。',
    leaderChanged: (before, now) => `leader 已变化：${before || '无'} → ${now || '无'}。`,
    allowed: '守卫目前允许执行。',
    refused: (why) => `守卫目前拒绝：${why}`,
    submit: '执行',
    nothingDone: '演练：未执行任何操作。',
    approvals: (needed) => (needed === 0 ? '' : `执行前还需 ${needed} 人同意。`),
  },
  help: {
    title: '可在节点所在机器上运行的命令',
    line: (name, about) => (about === '' ? name : `${name}：${about}`),
  },
};
