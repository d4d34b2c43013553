import type { EmailWords } from './en.ts';

export const emailZhCn: EmailWords = {
  act: '在控制台中确认、升级或重启',
  actByLine: (id) => `要接手，请在与机器人的聊天中发送 "/zk ack ${id}"。`,
  servers: '服务器',
  footer: '由 Nightkeeper 发送。回复此邮件不会被读取。',
  missed: (addresses) => `邮件服务器拒收了上一封发给 ${addresses} 的邮件。`,
};
