import { bounded, listedMax } from '../bounds.ts';
import { duration, latency, momentParts, type Units } from '../durations.ts';
import type { CommonWords } from './en.ts';

/*
 * Glossary of the Chinese texts. ZooKeeper's own words stay as operators say them: leader, follower, observer, znode, zxid, quorum
 * sizes as numbers.
 *   ensemble 集群 · server 节点 (a znode stays znode) · voter 投票节点 · quorum 法定人数 · election 选举 · serving 提供服务
 *   in sync 已同步 · lag 落后 · incident 故障 · acknowledge 确认 · escalate 升级 · resolved 已恢复 · page 呼叫值班
 *   recovery 恢复操作 · restart 重启 · runbook 处置手册 · hung 卡死 · console 控制台
 */

const units: Units = { ms: ' 毫秒', s: ' 秒', min: ' 分钟', h: ' 小时', d: ' 天' };

const vias: Readonly<Record<string, string>> = {
  slack: 'Slack',
  dingtalk: '钉钉',
  console: '控制台',
  cli: '命令行',
  api: 'API',
  auto: '自动恢复',
  drill: '演练结束',
  timer: '升级计时器',
  configuration: '配置',
  nightkeeper: 'Nightkeeper',
};

export const commonZhCn: CommonWords = {
  duration: (ms) => duration(ms, units),
  latency: (ms) => latency(ms, units),
  ago: (ms) => `${duration(ms, units)}前`,
  time: (atMs) => {
    const { day, month, clock } = momentParts(atMs);
    return `${month}月${day}日 ${clock} UTC`;
  },
  timeIn: (atMs, zone) => {
    const { day, month, clock } = momentParts(atMs, zone);
    return `${month}月${day}日 ${clock} ${zone}`;
  },
  list: (items) => bounded(items, listedMax, commonZhCn.more).join('、'),
  more: (count) => `… 还有 ${count} 项`,
  via: (via) => vias[via] ?? via,
  youCouldWrite: '可以这样写：',
  asksTheRest: '会询问其余内容',
  join: (parts) => parts.filter((part) => part !== '').join(' · '),
  sentences: (parts) => parts.filter((part) => part !== '').join(''),
  severity: { page: '紧急', warn: '警告', info: '提示' },
  roles: { voter: '投票节点', observer: 'observer' },
  states: {
    leader: 'leader',
    follower: 'follower',
    observer: 'observer',
    standalone: '单机模式',
    'read-only': '只读',
    refused: '宕机：连接被拒绝',
    reset: '宕机：连接被重置',
    unreachable: '不可达：没有到主机的路由',
    timeout: '无响应',
    unresolved: '主机名无法解析',
    'not-allowed': '无法读取：四字命令均未加入白名单',
    'not-serving': '进程在运行，但未提供服务',
    garbled: '返回内容无法识别',
    tls: 'TLS 握手失败',
    unknown: '尚未探测',
  },
  health: { healthy: '健康', degraded: '降级', down: '法定人数不足', unknown: '未知' },
  incidentStates: { triggered: '未确认', acknowledged: '已确认', resolved: '已恢复' },
  personRoles: { viewer: '只读用户', operator: '运维', admin: '管理员', everyone: '所有人' },
};
