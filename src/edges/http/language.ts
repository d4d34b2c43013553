import type { Language } from '../../model/person.ts';

/** The cookie that keeps what a person chose in the header. */
export const languageCookie = 'nk_language';

/** The language of a page: chosen in the header, else the person's, else the browser's, else the configuration's. */
export function languageOf(wishes: {
  readonly chosen: string | undefined;
  readonly person: Language | undefined;
  readonly acceptLanguage: string | undefined;
  readonly fallback: Language;
}): Language {
  return (
    languageNamed(wishes.chosen) ??
    wishes.person ??
    fromAcceptLanguage(wishes.acceptLanguage) ??
    wishes.fallback
  );
}

function languageNamed(tag: string | undefined): Language | undefined {
  if (tag === undefined) return undefined;
  if (/^zh\b/iu.test(tag)) return 'zh-CN';
  return /^en\b/iu.test(tag) ? 'en' : undefined;
}

/** The first language of the header we speak, by weight. */
function fromAcceptLanguage(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  return header
    .slice(0, acceptLanguageCharsMax)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)/u.exec(text)?.[1]).find(Boolean);
      return { language: languageNamed(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .find(({ language }) => language !== undefined)?.language;
}

/** Browsers send a few dozen characters; what stands further back is nobody's wish. */
const acceptLanguageCharsMax = 500;
