import { commonZhCn } from '../common/zh-cn.ts';
import { bytes, thousands } from '../figures.ts';
import type { ChartWords } from './en.ts';

const metrics: Readonly<Record<string, string>> = {
  latency: '写入平均耗时',
  'read-latency': '读取平均耗时',
  outstanding: '等待应答的请求',
  connections: '客户端连接',
  writes: '每秒事务数',
  packets: '每秒收到的包',
  fsync: '刷盘平均耗时',
  pauses: 'JVM 停顿所占时间',
  sessions: '会话',
  expired: '每秒过期的会话',
  syncs: '等待中的 sync() 调用',
  watches: 'watch 数量',
  znodes: 'znode 数量',
  ephemerals: '临时 znode 数量',
  data: '数据大小',
  files: '打开的文件描述符',
  probe: '探测耗时',
};

function number(value: number): string {
  return value >= 1000 ? thousands(value) : String(Math.round(value * 100) / 100);
}

export const chartZhCn: ChartWords = {
  metric: (name) => metrics[name] ?? name.replaceAll('_', ' '),
  title: (ensemble, metric, lengthMs) =>
    `${ensemble}：${chartZhCn.metric(metric)}，最近 ${commonZhCn.duration(lengthMs)}`,
  head: ['节点', '变化', '最低', '最高', '现在'],
  metricsOf: (ensemble) => `${ensemble} 可以绘制：`,
  metricsHead: ['指标', '内容'],
  nothing: (ensemble, metric) =>
    `${ensemble}：这段时间没有“${chartZhCn.metric(metric)}”的数据。可能该版本不报告，或机器人监视的时间还不够长。`,
  unpainted: '无法绘制图片，原因见日志。',
  written: (file) => `已写入：${file}`,
  value: (value, unit) => {
    switch (unit) {
      case 'ms':
        return commonZhCn.latency(value);
      case 'bytes':
        return bytes(value);
      case 'percent':
        return `${number(value)}%`;
      case 'per-second':
        return `${number(value)}/秒`;
      default:
        return number(value);
    }
  },
};
