import type { EvidenceWords } from './en.ts';

export const evidenceZhCn: EvidenceWords = {
  server: '节点',
  time: '时间',
  words: '应答（字符数）',
  none: (id) => `没有 ${id} 的证据：节点在操作前未应答，或者时间过久。`,
  noOutput: (id) => `${id} 的命令没有输出。`,
  next: (id) => `查看其中一项：evidence ${id} mntr`,
  line: (what, servers) => `${servers.slice(0, 9).join('、')} 在操作前的应答（${what}）。`,
  silent: (what, servers, why) =>
    `${servers.slice(0, 9).join('、')} 在操作前没有应答（${what}；${why}）。`,
  title: (id, servers) => `${id}：${servers.slice(0, 9).join('、')} 操作前`,
  more: (id) => `全部内容：/zk evidence ${id}`,
  kept: (id) => `操作前的应答已保存：evidence ${id}`,
};
