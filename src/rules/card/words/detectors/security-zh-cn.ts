import type { Facts } from '../../../../model/finding.ts';
import { commonZhCn } from '../common/zh-cn.ts';
import { listOf, numberOf, placeOf, textOf } from '../facts.ts';
import type { FaultWords } from './en.ts';
import type { securityEn } from './security-en.ts';

const { duration, latency, sentences } = commonZhCn;

function from(facts: Facts): string {
  const address = textOf(facts, 'address');
  return address === '' ? '' : `，多数来自 ${address}`;
}

function skew(facts: Facts): string {
  const ms = numberOf(facts, 'skewMs');
  return `${ms < 0 ? '慢' : '快'} ${latency(Math.abs(ms))}`;
}

function validity(facts: Facts): string {
  const leftMs = numberOf(facts, 'leftMs');
  return leftMs < 0 ? `已过期 ${duration(-leftMs)}` : `还有 ${duration(leftMs)}过期`;
}

export const securityZhCn: Record<keyof typeof securityEn, FaultWords> = {
  'clock-skew': {
    title: (subject, facts) => `${placeOf(subject)}：时钟${skew(facts)}`,
    meaning: () => '法定人数不受影响，但这个节点上的证书、日志和 znode 时间都不对。',
    advice: (_, { server }) =>
      `检查 ${server} 上的 chrony 或 ntpd（chronyc tracking）。让它缓慢校正，不要跳变 leader 的时钟。`,
    symptom: ({ server }, facts) => `${server}：时钟${skew(facts)}`,
    over: (subject) => `${placeOf(subject)}：时钟已正确`,
  },
  'tls-cert-expiry': {
    title: (subject, facts) =>
      `${placeOf(subject)}：端口 ${numberOf(facts, 'port')} 的证书${validity(facts)}`,
    meaning: (facts) => {
      switch (textOf(facts, 'use')) {
        case 'servers':
          return '从那一刻起，连接一旦断开，其他节点就无法再与它通信：重启或选举会让集群失去 quorum。';
        case 'admins':
          return '从那一刻起，无法通过 TLS 访问 AdminServer。';
        default:
          return '从那一刻起，TLS 客户端都无法连接这个节点。';
      }
    },
    advice: (facts) =>
      `更新 ${textOf(facts, 'subject') || '该节点'} 的证书并加载：用 ${textOf(facts, 'use') === 'servers' ? 'sslQuorumReloadCertFiles' : 'client.certReload'}，或${textOf(facts, 'use') === 'servers' ? '在过期前' : ''}逐个重启节点。`,
    symptom: ({ server }, facts) => `${server}：证书${validity(facts)}`,
    over: (subject) => `${placeOf(subject)}：已换新证书`,
  },
  'tls-handshake-failures': {
    title: (subject, facts) =>
      `${placeOf(subject)}：几分钟内 ${numberOf(facts, 'failures')} 次 TLS 握手失败${from(facts)}`,
    meaning: () => '部分客户端无法连接，已有连接不受影响。',
    advice: () => '检查客户端的 truststore 和协议版本；明文客户端连到 TLS 端口也会这样。',
    symptom: ({ server }, facts) => `${server}：TLS 握手失败${from(facts)}`,
    over: (subject) => `${placeOf(subject)}：TLS 握手已恢复`,
  },
  'auth-failures': {
    title: (subject, facts) =>
      `${placeOf(subject)}：每分钟有 ${numberOf(facts, 'perMinute')} 次认证失败${from(facts)}`,
    meaning: () => '某个客户端的密码或证书不对，或者有人在尝试闯入。',
    advice: () => '查明日志中的地址是谁。改过密码的客户端需要新密码；陌生人需要防火墙。',
    symptom: ({ server }, facts) => `${server}：认证失败${from(facts)}`,
    over: (subject) => `${placeOf(subject)}：不再有认证失败`,
  },
  'admin-surface-exposed': {
    title: (subject, facts) =>
      listOf(facts, 'doors').includes('snapshot')
        ? `${placeOf(subject)}：任何人都能通过 HTTP 导出或恢复它的数据`
        : `${placeOf(subject)}：所有四字命令对任何人开放`,
    meaning: (facts) =>
      sentences([
        listOf(facts, 'doors').includes('snapshot')
          ? '根节点没有权限限制，而 AdminServer 可以访问：任意用户名和密码都能执行 snapshot 和 restore。'
          : '',
        listOf(facts, 'doors').includes('words') ? 'srst 会清零计数器，wchp 可能卡住服务器。' : '',
      ]),
    advice: (facts) =>
      sentences([
        listOf(facts, 'doors').includes('snapshot')
          ? '设置 admin.serverAddress=127.0.0.1，或 admin.snapshot.enabled=false 和 admin.restore.enabled=false，并给 / 设置 ACL。'
          : '',
        listOf(facts, 'doors').includes('words')
          ? '把 4lw.commands.whitelist 设为 srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash,envi。'
          : '',
      ]),
    symptom: ({ server }) => `${server}：对任何人开放`,
    over: (subject) => `${placeOf(subject)}：已不再对外开放`,
  },
};
