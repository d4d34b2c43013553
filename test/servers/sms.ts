export { type AliyunStandIn, startAliyun } from './sms/aliyun.ts';
export { startTwilio, type TwilioStandIn } from './sms/twilio.ts';
