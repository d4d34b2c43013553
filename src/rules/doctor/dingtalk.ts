import { type Diagnosis, diagnose, type Said } from '../../model/diagnosis.ts';
import type { DingTalkFacts, RobotFacts } from '../../model/doctor-facts.ts';
import { type Quota, quotaStep } from '../../model/quota.ts';
import { wordOf } from './word-of.ts';

/** What the gateway and the token endpoint say of a key or secret that is not theirs. */
const badSecret = /invalidClientIdOrSecret|authFailed|InvalidAuthentication|invalidClient/iu;

/** A right of the application that somebody has to switch on. open.dingtalk.com, error codes of the API. */
const noRight = /^Forbidden\.AccessDenied\.AccessToken|permission/iu;

/** What stands between the bot and DingTalk. */
export function judgeDingTalk(facts: DingTalkFacts): readonly Diagnosis[] {
  const app = judgeApp(facts.app);
  if (facts.app.kind !== 'said') return [app, judgeStream(facts.stream)];
  const groups = facts.groups.filter(({ answer }) => !isUsedUp(answer));
  return [
    app,
    judgeStream(facts.stream),
    ...(isUsedUp(facts.template?.answer) ? [] : [judgeTemplate(facts.template)]),
    ...groups.map(({ destination, answer }) => judgeGroup(destination, answer, facts.robotCode)),
    // Said once, whatever was asked.
    ...([facts.template, ...facts.groups].some((each) => isUsedUp(each?.answer))
      ? [diagnose('quota-organisation')]
      : []),
  ];
}

/** Others of the organisation may use up what the bot's own count knows nothing of. */
function isUsedUp(answer: Said<unknown> | undefined): boolean {
  return answer?.kind === 'refused' && /ApiCountLimit/iu.test(answer.code);
}

function judgeApp(app: Said<unknown>): Diagnosis {
  switch (app.kind) {
    case 'said':
      return diagnose('dingtalk-app');
    case 'refused':
      return badSecret.test(app.code)
        ? diagnose('dingtalk-app-refused', '', { error: app.code })
        : diagnose('dingtalk-away', '', { error: app.code });
    case 'silent':
      return diagnose('dingtalk-away', '', { error: app.reason });
  }
}

function judgeStream(stream: DingTalkFacts['stream']): Diagnosis {
  switch (stream.kind) {
    case 'said':
      return diagnose('dingtalk-stream', '', { topics: stream.value.topics });
    case 'refused':
      return diagnose('dingtalk-stream-refused', '', { error: stream.code });
    case 'silent':
      return diagnose('dingtalk-stream-unchecked', '', { error: stream.reason });
  }
}

function judgeTemplate(template: DingTalkFacts['template']): Diagnosis {
  if (template === undefined) return diagnose('dingtalk-template-none');
  const { id, answer } = template;
  if (answer.kind === 'said') return diagnose('dingtalk-template', '', { template: id });
  const error = wordOf(answer);
  return /^param\.template|cardTemplate/iu.test(error)
    ? diagnose('dingtalk-template-refused', '', { template: id, error })
    : diagnose('dingtalk-template-unchecked', '', { template: id, error });
}

function judgeGroup(
  destination: string,
  answer: DingTalkFacts['groups'][number]['answer'],
  robotCode: string,
): Diagnosis {
  if (answer.kind === 'said') {
    const { robots } = answer.value;
    if (robots.includes(robotCode)) return diagnose('dingtalk-group', destination);
    return robots.length === 0
      ? diagnose('dingtalk-group-outside', destination)
      : diagnose('dingtalk-group-other', destination, { robotCode });
  }
  const error = wordOf(answer);
  const isUnknown = /openConversationId|conversation/iu.test(error) && !noRight.test(error);
  return diagnose(isUnknown ? 'dingtalk-group-unknown' : 'dingtalk-group-unchecked', destination, {
    error,
  });
}

/** Numbers of a robot that is gone or switched off. open.dingtalk.com, custom-robot-access. */
const robotGone: ReadonlySet<number> = new Set([400_101, 400_102, 400_013, 400_002, 300_001]);

/**
 * A custom robot says what it finds wrong, one thing at a time: token, then what guards it, then the message. A complaint about the
 * message alone is what a good one says.
 */
export function judgeRobot({ destination, isSigned, hasKeyword, answer }: RobotFacts): Diagnosis {
  if (answer.kind !== 'said')
    return diagnose('dingtalk-robot-unchecked', destination, { error: wordOf(answer) });
  const { errcode, errmsg } = answer.value;
  const why = whyOf(errcode, errmsg);
  // Without a message there is no keyword in it: that says nothing where one is configured.
  if (why === 'keyword' && hasKeyword)
    return diagnose('dingtalk-robot', destination, { isSigned, hasKeyword });
  if (why === undefined) {
    const isAboutMessage = errcode !== 0 && errcode !== -1 && errcode < 410_000;
    return isAboutMessage
      ? diagnose('dingtalk-robot', destination, { isSigned, hasKeyword })
      : diagnose('dingtalk-robot-unchecked', destination, { error: String(errcode) });
  }
  return diagnose('dingtalk-robot-refused', destination, { why, errcode, isSigned });
}

function whyOf(
  errcode: number,
  errmsg: string,
): 'token' | 'sign' | 'time' | 'keyword' | 'address' | undefined {
  if (robotGone.has(errcode)) return 'token';
  if (errcode !== 310_000) return undefined;
  if (/keyword/iu.test(errmsg)) return 'keyword';
  if (/timestamp/iu.test(errmsg)) return 'time';
  return /whitelist|\bip\b/iu.test(errmsg) ? 'address' : 'sign';
}

/** What is left of a month. */
export function judgeQuota({ meter, max }: Pick<Quota, 'meter' | 'max'>, used: number): Diagnosis {
  const step = quotaStep(used, max);
  const code = step === 0 ? 'quota-left' : step < 100 ? 'quota-short' : 'quota-over';
  return diagnose(code, '', { meter, used, max });
}
