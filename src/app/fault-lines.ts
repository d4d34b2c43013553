import type { ConfigFault } from '../model/config-fault.ts';
import type { Language } from '../model/person.ts';
import { words } from '../rules/card/words/words.ts';

/** Faults as a person reads them, one a line, in the form that editors can jump to: `FILE:LINE:COLUMN: fault: PATH: …`. */
export function faultLines(
  file: string,
  faults: readonly ConfigFault[],
  language: Language = 'en',
): readonly string[] {
  const { setup } = words(language);
  return faults.map(({ level, line, column, path, what }) => {
    const where = `${file}:${line}:${column}`;
    return [where, setup[level], ...(path === '' ? [] : [path]), setup.trouble(what)].join(': ');
  });
}
