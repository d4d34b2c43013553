import type { Diagnosis } from '../model/diagnosis.ts';
import type { FactValue } from '../model/finding.ts';

/** Shortest secret that is searched for: anything shorter would blot out ordinary words. */
const secretCharsMin = 6;

/** A result without any secret of the configuration, whoever may have repeated it to us. */
export function withoutSecrets(diagnosis: Diagnosis, secrets: readonly string[]): Diagnosis {
  const long = secrets.filter((secret) => secret.length >= secretCharsMin);
  const clean = (text: string): string =>
    long.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  const facts = Object.entries(diagnosis.facts).map(([name, value]): [string, FactValue] => {
    if (typeof value === 'string') return [name, clean(value)];
    return [name, Array.isArray(value) ? (value as readonly string[]).map(clean) : value];
  });
  return { ...diagnosis, facts: Object.fromEntries(facts) };
}
