export type Environment = Readonly<Record<string, string | undefined>>;

/** Names of variables whose values are hidden in output. */
const secretName = /token|secret|passw|credential|api_?key|private_?key/iu;

/** Shortest value that is hidden: anything shorter would blot out ordinary words. */
const secretCharsMin = 6;

/** Whether a secret is long enough to be hidden without hiding ordinary words. */
export function isHidden(secret: string): boolean {
  return secret.length >= secretCharsMin;
}

/** What the bot's environment holds that no output may show: values of secret-looking variables, and passwords of addresses. */
export function secretsIn(env: Environment): readonly string[] {
  return Object.entries(env)
    .flatMap(([name, value = '']) => [
      ...(secretName.test(name) ? [value] : []),
      ...[...value.matchAll(/:\/\/[^/\s:@]*:([^/\s@]+)@/gu)].map((match) => match[1] ?? ''),
    ])
    .filter(isHidden);
}
