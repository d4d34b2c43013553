/** Path of Slack's requests when there is no socket mode. */
export const requestPath = '/slack/events';
