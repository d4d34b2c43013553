import { listOf, numberOf, textOf } from '../facts.ts';
import type { CodesOf, WordsOfChecks } from './said.ts';

const needs: Readonly<Record<string, string>> = {
  commands: '斜杠命令',
  'chat:write': '卡片',
  'files:write': '图表',
  'im:write': '私下回答',
  'channels:history': '卡片不会重复发送',
  'groups:history': '同上，私有频道',
  'im:history': '同上，私聊',
  'channels:read': '判断机器人是否在频道中',
  'groups:read': '同上，私有频道',
  'im:read': '同上，私聊',
  'users:read': '谁点击了按钮',
  'users:read.email': '按邮箱识别人员',
};

const tokenWords: Readonly<Record<string, string>> = {
  invalid_auth: 'Slack 不认识它',
  not_authed: '它是空的',
  account_inactive: '应用已从工作区移除，或机器人已停用',
  token_revoked: '它已被吊销',
  token_expired: '它已过期',
  not_allowed_token_type: '它是另一种令牌',
  missing_scope: '它缺少权限',
};

export const slackChecksZhCn: WordsOfChecks<CodesOf<'slack'>> = {
  'slack-token': (f) => ({
    text: `机器人令牌有效：${textOf(f, 'team')} 的 ${textOf(f, 'user')}`,
  }),
  'slack-token-refused': (f) => ({
    text: `Slack 拒绝 slack.botToken：${tokenWords[textOf(f, 'error')] ?? ''}（${textOf(f, 'error')}）`,
    next: '从应用的 OAuth & Permissions 复制 Bot User OAuth Token（xoxb-…）到机器人的环境变量，然后重启机器人。应用已被移除时先 Install to Workspace。',
  }),
  'slack-away': (f) => ({
    text: `无法询问 Slack：${textOf(f, 'error')}`,
    next: '在机器人所在主机上试：curl -sS https://slack.com/api/api.test。代理或防火墙须放行 https://slack.com 和 wss://*.slack.com。',
  }),
  'slack-scopes': (f) => ({ text: `${numberOf(f, 'count')} 项权限全部已授予` }),
  'slack-scopes-missing': (f) => ({
    text: `缺少权限：${listOf(f, 'scopes')
      .map((scope) => `${scope}（${needs[scope] ?? scope}）`)
      .join('、')}`,
    next: '在 https://api.slack.com/apps 打开应用，App Manifest：粘贴“nightkeeper slack manifest”输出的内容并保存，然后 Install App，Reinstall to Workspace。令牌不变。',
  }),
  'slack-scopes-unknown': () => ({
    text: 'Slack 没有说明已授予哪些权限（可能是代理去掉了响应头 x-oauth-scopes）',
    next: '请对照应用的 OAuth & Permissions 与“nightkeeper slack manifest”输出的内容。',
  }),
  'slack-socket': () => ({ text: 'Socket 模式：Slack 允许机器人连接' }),
  'slack-socket-refused': (f) => ({
    text: `Slack 拒绝 slack.appToken：${tokenWords[textOf(f, 'error')] ?? ''}（${textOf(f, 'error')}）`,
    next: 'Basic Information，App-Level Tokens，Generate，权限 connections:write。把令牌（xapp-…）放入机器人的环境变量并重启机器人。Socket Mode 必须打开。',
  }),
  'slack-socket-unchecked': (f) => ({
    text: `无法检查 Slack 是否允许机器人连接：${textOf(f, 'error')}`,
    next: '一分钟后再问：Slack 很少回答这个问题。或点击测试卡片的按钮：/zk doctor click',
  }),
  'slack-http': (f) => ({
    text: `HTTP 请求：${textOf(f, 'url')} 通向机器人，签名密钥一致`,
  }),
  'slack-http-wrong': (f) => ({
    text: `本机 ${numberOf(f, 'port')} 端口上没有知道签名密钥的服务应答：${textOf(f, 'error')}`,
    next: '机器人是否在这里运行，slack.port 与 slack.signingSecret 是否和应用的 Basic Information 一致？401 表示密钥不同，或时钟相差超过五分钟。',
  }),
  'slack-http-public': (f) => ({
    text: `机器人在 ${numberOf(f, 'port')} 端口接收请求；无法检查 Slack 能否从外部到达${textOf(f, 'error') === '' ? '' : `（${textOf(f, 'url')}：${textOf(f, 'error')}）`}`,
    next: '应用的 Interactivity & Shortcuts：Request URL 必须通向该端口的 /slack/events。请点击测试卡片的按钮：/zk doctor click',
  }),
  'slack-channel': (f) => ({ text: `在 ${textOf(f, 'channel')} 中，可以发送` }),
  'slack-channel-unknown': (f) => ({
    text: `没有频道 ${textOf(f, 'channel')}，或它是私有频道而机器人不在其中`,
    next: `在该频道中输入：${textOf(f, 'invite')}。频道 ID 在频道详情的底部。`,
  }),
  'slack-channel-archived': (f) => ({
    text: `${textOf(f, 'channel')} 已归档：无人能在其中发送`,
    next: '取消归档，或在 destinations 中改用其他频道。',
  }),
  'slack-channel-outside': (f) => ({
    text: `机器人不在 ${textOf(f, 'channel')} 中`,
    next: `在该频道中输入：${textOf(f, 'invite')}`,
  }),
  'slack-channel-closed': (f) => ({
    text: `只有部分人可以在 ${textOf(f, 'channel')} 中发送，机器人不在其列`,
    next: '频道设置，Posting permissions：允许所有人，或加入该应用。可能需要工作区所有者操作。',
  }),
  'slack-channel-unchecked': (f) => ({
    text: `无法检查 ${textOf(f, 'channel')}：${textOf(f, 'error')}`,
    next: '在其中发送测试卡片：/zk doctor click',
  }),
  'slack-email': () => ({ text: '可按邮箱识别' }),
  'slack-email-unknown': () => ({
    text: '工作区中没有人使用 people.*.email 的邮箱',
    next: '请改写成员 ID（个人资料，⋮，Copy member ID）：slack: U012ABC',
  }),
  'slack-email-unchecked': (f) => ({
    text: `无法检查该邮箱是否属于工作区成员：${textOf(f, 'error')}`,
    next: '请改写成员 ID（个人资料，⋮，Copy member ID）：slack: U012ABC',
  }),
};

const robotWords: Readonly<Record<string, { readonly text: string; readonly next: string }>> = {
  token: {
    text: '该机器人已不存在或已停用',
    next: '群设置，机器人：查看该自定义机器人，并把地址重新复制到环境变量。',
  },
  sign: {
    text: '签名不是它要求的',
    next: '从机器人的安全设置复制以 SEC 开头的密钥到 secret。',
  },
  time: {
    text: '机器人的时钟相差超过一小时',
    next: '请校准本机时钟（chrony 或 systemd-timesyncd）。',
  },
  keyword: {
    text: '它要求每条消息含关键词，而配置中没有',
    next: '写入其安全设置中的一个关键词：keyword: …',
  },
  address: {
    text: '它只接受来自其他地址的消息',
    next: '把本机地址加入机器人的安全设置。',
  },
};

export const dingtalkChecksZhCn: WordsOfChecks<CodesOf<'dingtalk'>> = {
  'dingtalk-app': () => ({ text: 'clientId 与 clientSecret 有效' }),
  'dingtalk-app-refused': (f) => ({
    text: `钉钉拒绝 clientId 与 clientSecret（${textOf(f, 'error')}）`,
    next: 'open-dev.dingtalk.com，打开应用，凭证与基础信息：重新复制 Client ID 与 Client Secret。重置后旧密钥全部失效。',
  }),
  'dingtalk-away': (f) => ({
    text: `无法询问钉钉：${textOf(f, 'error')}`,
    next: '在机器人所在主机上试：curl -sS https://api.dingtalk.com。代理或防火墙须放行 https://api.dingtalk.com 和 wss://*.dingtalk.com。',
  }),
  'dingtalk-stream': (f) => ({
    text: `Stream 已对机器人开放，${listOf(f, 'topics').length} 个主题：${listOf(f, 'topics').join('、')}`,
  }),
  'dingtalk-stream-refused': (f) => ({
    text: `钉钉不发放 Stream 凭证（${textOf(f, 'error')}）`,
    next: '应用的机器人：消息接收模式选 Stream 模式，然后发布版本。凭证必须属于同一应用。',
  }),
  'dingtalk-stream-unchecked': (f) => ({
    text: `无法检查 Stream 是否开放：${textOf(f, 'error')}`,
    next: '一分钟后再问，或点击测试卡片的按钮：/zk doctor click',
  }),
  'dingtalk-group': () => ({ text: '机器人在群中' }),
  'dingtalk-group-outside': () => ({
    text: '群中没有机器人',
    next: '群设置，机器人，添加：应用的机器人。',
  }),
  'dingtalk-group-other': (f) => ({
    text: `群中的机器人不是 ${textOf(f, 'robotCode')}`,
    next: '把应用的机器人加入群，或更正 dingtalk.robotCode（应用，机器人，RobotCode）。',
  }),
  'dingtalk-group-unknown': (f) => ({
    text: `钉钉不认识这个群（${textOf(f, 'error')}）`,
    next: '地址应为 openConversationId（cid…）：获取方法见 docs/channels/dingtalk.zh-CN.md。',
  }),
  'dingtalk-group-unchecked': (f) => ({
    text: `无法检查机器人是否在群中（${textOf(f, 'error')}）`,
    next: '需要检查时：应用，权限管理，开通 qyapi_chat_manage。或发送测试卡片：/zk doctor click',
  }),
  'dingtalk-template': (f) => ({ text: `可以用 ${textOf(f, 'template')} 创建卡片` }),
  'dingtalk-template-none': () => ({
    text: '没有 cardTemplateId：卡片只是带链接的文字，发出后不再变化',
    next: '按 docs/dingtalk/card-template.zh-CN.md 搭建一次模板，并设置 dingtalk.cardTemplateId。',
  }),
  'dingtalk-template-refused': (f) => ({
    text: `无法用 ${textOf(f, 'template')} 创建卡片（${textOf(f, 'error')}）`,
    next: 'open-dev.dingtalk.com/fe/card：模板是否已发布并关联本应用？请重新复制其 ID（….schema）。',
  }),
  'dingtalk-template-unchecked': (f) => ({
    text: `无法检查模板（${textOf(f, 'error')}）`,
    next: '应用需要权限 Card.Instance.Write。或点击测试卡片的按钮：/zk doctor click',
  }),
  'dingtalk-robot': (f) => ({
    text: `自定义机器人接受消息${f['isSigned'] === true ? '，签名有效' : ''}`,
  }),
  'dingtalk-robot-refused': (f) => {
    const { text, next } = robotWords[textOf(f, 'why')] ?? { text: '', next: '' };
    return { text: `自定义机器人拒绝：${text}（${numberOf(f, 'errcode')}）`, next };
  },
  'dingtalk-robot-unchecked': (f) => ({
    text: `无法检查自定义机器人：${textOf(f, 'error')}`,
    next: '下一张卡片即可见分晓。',
  }),
};
