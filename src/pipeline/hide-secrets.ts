/** What stands behind a word such as `password=`, in properties, options and addresses. */
const patterns: readonly RegExp[] = [
  /((?:passw(?:or)?d|passphrase|secret|token|credential)[\w.-]*["']?\s*[=:]\s*["']?)[^\s"',;&]+/giu,
  /(:\/\/[^/\s:@]*:)[^/\s@]+(?=@)/gu,
  /(\bdigest[:\s]+[^\s:]+:)[^\s"',;]+/giu,
];

/** Hides what looks like a password in what servers said of themselves: it is kept, and shown in chats. */
export function hideSecrets(text: string): string {
  return patterns.reduce((hidden, pattern) => hidden.replace(pattern, '$1[hidden]'), text);
}
