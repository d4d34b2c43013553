/** The ways in which a command is written: `auto`, `auto off [ensemble]`. Its usage parts them with `, or `. */
export function usagesOf(usage: string): readonly string[] {
  return usage.split(', or ');
}

/** The first of them; `…` where there are more. */
export function shortUsageOf(usage: string): string {
  const [first = '', ...others] = usagesOf(usage);
  return others.length === 0 ? first : `${first} …`;
}
