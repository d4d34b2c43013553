/** Words and options as a line that `parseLine` reads back. */
export function lineOf(
  typed: readonly string[],
  options: Readonly<Record<string, string>>,
): string {
  const named = Object.entries(options).map(([name, value]) => `--${name}=${quoted(value)}`);
  return [...typed.map(quoted), ...named].join(' ');
}

function quoted(word: string): string {
  const safe = word.replaceAll('"', "'");
  return word === '' || /[\s'“”]/u.test(safe) ? `"${safe}"` : safe;
}
