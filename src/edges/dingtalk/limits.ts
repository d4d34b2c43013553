/* Limits of DingTalk. Texts are counted in bytes of UTF-8, as DingTalk counts them. */

/** One value of `cardParamMap`. open.dingtalk.com, createAndDeliver. */
export const valueBytesMax = 1024;

/** All values of a card together; DingTalk gives no number for cards, and this one for the parameter of a robot message. */
export const cardBytesMax = 15_000;

/** `msgParam` of a robot message. open.dingtalk.com, groupMessages/send. */
export const msgParamBytesMax = 15_000;

/** The body a custom robot and a session webhook take: 460101 beyond 20 000. We stay below, because the envelope counts too. */
export const webhookBytesMax = 18_000;

/** Title of a Markdown message, as it stands in the list of conversations. Nobody states a limit; a phone shows about 20. */
export const titleBytesMax = 200;

/** `outTrackId`. open.dingtalk.com, createAndDeliver. */
export const trackIdCharsMax = 100;

/** People one robot message may go to at once. open.dingtalk.com, oToMessages/batchSend. */
export const recipientsMax = 20;

/** A link longer than this is left out. */
export const linkBytesMax = 500;

/** How long a robot message may lead to its answer: `sessionWebhook` ends about 1.5 h after the message, and says when. */
export const replySpareMs = 1000;

/**
 * How many messages a group takes from a robot: 20 a minute, and more are refused for ten minutes (410100). In any minute at most
 * `burst` + 60 s / `everyMs` = 18 are sent.
 */
export const groupBudget = { burst: 8, everyMs: 6000 } as const;

/** For cards no such limit is known; 20 calls a second of the API are allowed to the whole application. */
export const cardBudget = { burst: 15, everyMs: 200 } as const;

/**
 * Calls of one API by this process: of the 20 a second that the whole application has, at most `burst` + 1 s / `everyMs` = 18 in any
 * second. open.dingtalk.com, "API call frequency". A call that would wait longer than `waitMsMax` is put off.
 */
export const callPace = { burst: 6, everyMs: 83, waitMsMax: 5000 } as const;

/** How long to leave the API alone after "too many a second", unless it says for how long. */
export const qpsPauseMs = 1000;

/** How long a ban lasts: of a custom robot after 20 messages in a minute. open.dingtalk.com, custom-robot-access. */
export const banMs = 10 * 60_000;

/** How long an address is shut out after 10 000 calls in 20 s. open.dingtalk.com, "API call frequency". */
export const addressBanMs = 5 * 60_000;

/** How long to wait when the quota of the month is used up: somebody may have raised it. */
export const quotaPauseMs = 5 * 60_000;

/** One call of the API, from the first byte to the last of its answer. A delivery is at most three of them. */
export const callMs = 5000;

/** One step of an upload: a megabyte over a slow line. */
export const uploadMs = 15_000;

/** How long DingTalk waits for the answer to a click. open.dingtalk.com, event-callback-card. */
export const answerMs = 2000;

/** How long a person waits for the outcome of a click before they read that it is under way: the rest comes by the API. */
export const answerWithinMs = 700;

/** What DingTalk is known to have had by then came in time; what lies between this and `answerMs` is left to the error of our measure. */
export const answerSureMs = 1500;

/** How long a message is remembered as handled: DingTalk repeats one it had no answer for within a minute or two. */
export const seenMs = 10 * 60_000;

/** How long a question in the single chat waits for its answer. */
export const questionMs = 10 * 60_000;

/** Characters of a reason. */
export const reasonCharsMax = 500;
