/** Whether `dump` names a session, anywhere: among those that expire, those with ephemeral znodes, or the connections. */
export function isKnownIn(text: string, session: string): boolean {
  return text.split(/[\s:]+/u).includes(session);
}

/** The ephemeral znodes of a session, as `dump` lists them: under its number and a colon. */
export function ephemeralsOf(text: string, session: string): readonly string[] {
  return pathsUnder(text, `${session}:`);
}

/** The paths under a heading, one a line behind a tab, up to the next heading. */
export function pathsUnder(text: string, heading: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/u, ''));
  const begin = lines.findIndex((line) => line.trimEnd() === heading);
  if (begin < 0) return [];
  const behind = lines.slice(begin + 1);
  const end = behind.findIndex((line) => !line.startsWith('\t/'));
  return behind.slice(0, end < 0 ? behind.length : end).map((line) => line.slice(1));
}
