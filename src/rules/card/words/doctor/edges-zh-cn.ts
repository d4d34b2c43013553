import { flagOf, numberOf, textOf } from '../facts.ts';
import { setupZhCn } from '../setup/zh-cn.ts';
import type { CodesOf, WordsOfChecks } from './said.ts';

export const redisChecksZhCn: WordsOfChecks<CodesOf<'redis'>> = {
  'redis-answers': (f) => ({
    text: `${textOf(f, 'where')} 的 Redis ${textOf(f, 'version')} 应答用时 ${numberOf(f, 'pingMs')} ms`,
  }),
  'redis-slow': (f) => ({
    text: `${textOf(f, 'where')} 的 Redis 应答用时 ${numberOf(f, 'pingMs')} ms`,
    next: '每次查看和每张卡片都要问它几次。请让它靠近机器人；查看 SLOWLOG GET 与其主机负载。',
  }),
  'redis-away': (f) => ({
    text: `${textOf(f, 'where')} 的 Redis 没有应答：${textOf(f, 'reason')}`,
    next: '请启动它，或更正 redis.url。在此之前机器人什么也看不到，也记不住。',
  }),
  'redis-keeps': () => ({ text: '写入的内容在 Redis 重启后仍在' }),
  'redis-risk': (f) => ({
    text: setupZhCn.redisFinding({ code: textOf(f, 'finding'), level: 'risk', facts: f }),
    next: '写入 redis.conf，或立即用 redis-cli：CONFIG SET，然后 CONFIG REWRITE。',
  }),
  'redis-silent': (f) => ({
    text: setupZhCn.redisFinding({ code: textOf(f, 'finding'), level: 'unknown', facts: f }),
    next: '托管的 Redis 常禁止该问题：请查看服务商的设置。',
  }),
  'redis-disk': (f) => ({
    text: `Redis 报告 ${textOf(f, 'what')} 不正常：上次未能写入数据，或失去了主节点`,
    next: '请查看其主机磁盘与日志；然后 BGSAVE 或 BGREWRITEAOF。',
  }),
};

export const reachChecksZhCn: WordsOfChecks<CodesOf<'mail' | 'webhook'>> = {
  mail: (f) => ({
    text: `${textOf(f, 'server')} 接受机器人的邮件${flagOf(f, 'hasLogin') ? '：用户名与密码有效' : ''}`,
  }),
  'mail-open': (f) => ({
    text: `${textOf(f, 'server')} 接受机器人的邮件，但途中任何人都能读到`,
    next: '请把 email.security 设为 starttls 或 tls。',
  }),
  'mail-away': (f) => ({
    text: `无法连接邮件服务器 ${textOf(f, 'server')}：${textOf(f, 'reason')}`,
    next: '请检查 email.host 与 email.port，以及本机的服务商是否封锁 25 端口。',
  }),
  'mail-tls': (f) => ({
    text: `与 ${textOf(f, 'server')} 的连接无法加密：${textOf(f, 'reason')}`,
    next: '465 端口对应 security: tls，587 对应 starttls。自建证书请设置 email.caFile。',
  }),
  'mail-login': (f) => ({
    text: `${textOf(f, 'server')} 不接受用户名与密码（${textOf(f, 'reason')}）`,
    next: '请检查 email.user 与 email.password 的环境变量；许多服务商要求使用应用专用密码。',
  }),
  'mail-sent': () => ({ text: '邮件服务器已接收发往该地址的测试邮件' }),
  'mail-refused': (f) => ({
    text: `邮件服务器未接收测试邮件：${textOf(f, 'reason')}`,
    next: 'email.from 的发件人是否可以通过该服务器发送？该地址是否存在？',
  }),
  'mail-none': () => ({
    text: '没有 email 一节：无法发送邮件',
    next: '见 docs/channels/email.md。',
  }),
  webhook: (f) => ({
    text: `${textOf(f, 'host')} 可以连接；它如何对待消息与签名，要到第一条消息才知道`,
  }),
  'webhook-away': (f) => ({
    text: `无法连接 ${textOf(f, 'host')}：${textOf(f, 'reason')}`,
    next: '它在运行吗？机器人所在主机可以连接它吗？',
  }),
  'webhook-tls': (f) => ({
    text: `${textOf(f, 'host')} 的证书不受信任：${textOf(f, 'reason')}`,
    next: '请更新证书，或让机器人信任自建机构：NODE_EXTRA_CA_CERTS=/path/ca.pem',
  }),
};

export const restartChecksZhCn: WordsOfChecks<CodesOf<'restart'>> = {
  'restart-ready': (f) => ({
    text:
      textOf(f, 'what') === 'sudo'
        ? `重启可以执行：sudo 允许“${textOf(f, 'command')}”`
        : `重启可以开始：“${textOf(f, 'command')}”的${textOf(f, 'what') === 'container' ? '容器' : '程序'}存在`,
  }),
  'restart-none': () => ({
    text: '没有重启其服务器的方法：卡片上没有“重启”',
    next: '请在 nightkeeper.yaml 的该集群处写入：restart: { command: [sudo, systemctl, restart, zookeeper], ssh: { user: nightkeeper, … } }',
  }),
  'restart-unchecked': (f) => ({
    text: `无法检查通过 ${textOf(f, 'kind')} 的重启能否执行`,
    next: '演练会说明将做什么：/zk recover restart-server，勾选演练。',
  }),
  'restart-away': (f) => ({
    text: `重启的通路不通：${textOf(f, 'said')}`,
    next: '请检查 restart.ssh（主机、端口、密钥文件）或 restart.docker，以及机器人所在主机是否可以连接。',
  }),
  'restart-host-key': (f) => ({
    text: `该主机不受信任：${textOf(f, 'said')}`,
    next: flagOf(f, 'isNew')
      ? '确认是正确的主机后：ssh-keyscan HOST >> restart.ssh.knownHosts 的文件'
      : '主机重新安装过，或已是另一台。确认之后才：ssh-keygen -R HOST，并接受新密钥。',
  }),
  'restart-login': (f) => ({
    text: `该主机不让机器人登录：${textOf(f, 'said')}`,
    next: '请把机器人的公钥加入 restart.ssh 用户的 ~/.ssh/authorized_keys。',
  }),
  'restart-sudo': (f) => ({
    text: `sudo 不允许免密执行“${textOf(f, 'command')}”：${textOf(f, 'said')}`,
    next: '在该主机上用 visudo -f /etc/sudoers.d/nightkeeper：USER ALL=(root) NOPASSWD: 加命令的完整路径。',
  }),
  'restart-program': (f) => ({
    text: `“${textOf(f, 'command')}”的${textOf(f, 'what') === 'container' ? '容器' : '程序'}不存在：${textOf(f, 'said')}`,
    next:
      textOf(f, 'what') === 'container'
        ? '请更正 restart.docker.container：docker ps -a 列出名称。'
        : '请在 restart.command 中写完整路径，或安装它。',
  }),
};
