/** Slack's words for a token that is not good (any more). docs.slack.dev/reference/methods/auth.test#errors */
export const badTokenWords: readonly string[] = [
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'no_permission',
  'org_login_required',
  'ekm_access_denied',
  'team_access_not_granted',
];
