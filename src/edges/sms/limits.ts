/** Numbers of one destination: each of them costs money for every message. A team, not a list of readers. */
export const numbersMax = 10;

/** People called by one message besides. */
export const calledMax = 10;

/**
 * Units of one SMS: 160 letters of GSM-7, or 70 UTF-16 units where one letter is not in it; parts of a longer one carry 153 and 67,
 * since each begins with how it goes together.
 * @see 3GPP TS 23.038 and 23.040
 */
export const segmentUnits = { gsm: 160, ucs2: 70 } as const;
export const partUnits = { gsm: 153, ucs2: 67 } as const;

/** Parts of one message at most. Two are sent only where one would say too little. */
export const segmentsMax = 2;

/** Units of what happened that one part must have room for; otherwise a second one is sent. */
export const saidUnitsMin = { gsm: 60, ucs2: 24 } as const;

/** A link longer than this is left out: it would leave no room for what happened. */
export const linkUnitsMax = 80;

/** Letters of a variable of a template, of the kind "other". @see help.aliyun.com/document_detail/463270.html, variables */
export const variableCharsMax = 35;

/**
 * From one message of a sender to the next. Twilio sends one part a second from a long code, and lets the rest wait for hours.
 * @see twilio.com/docs/errors/21611
 */
export const twilioEveryMs = 1_000;

/** How long a message may wait for its turn in this process. */
export const turnMs = 2_500;

/**
 * Messages that one number gets of one signature and template at Aliyun, where the configuration does not say otherwise: what its
 * console starts with for codes; notices may be allowed more there (help.aliyun.com/document_detail/108293.html).
 */
export const perNumberDefault = { minute: 1, hour: 5, day: 10 } as const;

/** The most that Aliyun's console allows for notices, in each of the three. @see help.aliyun.com/document_detail/108293.html */
export const perNumberMax = 50;

/** How long the provider may take for one answer: a new connection included. */
export const answerTimeoutMs = 4_000;

/**
 * No further number is begun after this: with one turn and one answer more it is less than a delivery waits (20 s), so that nothing is
 * sent behind its back. The next try goes on there.
 */
export const roundMs = 13_000;

/** How long to wait before a provider is asked what became of a message: its list lags behind what it took. [guess] */
export const settleMs = 5_000;

/** Messages of a number that are looked through for one whose answer got lost: a page of the provider. */
export const lookedThroughMax = 50;

/** Tries for numbers that are put off while others have the message already; then the others have to do. */
export const putOffTriesMax = 4;

/** How long it is known who has a message, and who was called for an incident. */
export const progressMs = 86_400_000;
export const calledForMs = 7 * 86_400_000;

/** How long to wait after a rate limit that does not say, and the longest that a provider can ask for. */
export const retryAfterDefaultMs = 5_000;
export const retryAfterMaxMs = 3_600_000;

/** Letters of an answer that are told in an error. */
export const answerCharsMax = 120;
