import {
  type Diagnosis,
  type Outcome,
  parts,
  type Symptom,
  symptoms,
} from '../../model/diagnosis.ts';
import type { Language } from '../../model/person.ts';
import type { ReplyBlock } from '../../model/reply.ts';
import type { Settings } from '../../model/settings.ts';
import { slugOf } from './slug.ts';
import { bounded } from './words/bounds.ts';
import { type Words, words } from './words/words.ts';

/** Troubles told one by one; each is a few lines on a phone. */
export const troublesMax = 15;

/** Checks in one text, and of one part. */
const linesMax = 15;
const partLinesMax = 60;

const marks: Readonly<Record<Outcome, string>> = {
  ok: '✔',
  warning: '▲',
  wrong: '✖',
  unchecked: '?',
};

/** The worst first. */
const rank: Readonly<Record<Outcome, number>> = { wrong: 0, warning: 1, unchecked: 2, ok: 3 };

export interface DoctorContext {
  readonly language: Language;
  readonly settings: Pick<Settings, 'publicUrl' | 'ensembles'>;
}

/** What the doctor found: the sum, then what somebody has to do, each with its next step; with `all`, every check by its part. */
export function doctorBlocks(
  found: readonly Diagnosis[],
  context: DoctorContext,
  all: boolean,
): readonly ReplyBlock[] {
  const said = words(context.language);
  const troubles = inOrder(found).filter(
    ({ outcome }) => outcome === 'wrong' || outcome === 'warning',
  );
  const told = troubles.map((each) => troubleText(each, context, said));
  return [
    { kind: 'text', text: sumOf(found, said) },
    ...bounded(told, troublesMax, said.common.more).map(asText),
    ...(all ? everything(found, said) : []),
    ...(all ? [] : [asText(hints(context, said))]),
  ];
}

/** The results for programs, each with its words. */
export function doctorData(
  found: readonly Diagnosis[],
  language: Language,
): { readonly results: readonly object[] } {
  const { doctor } = words(language);
  return {
    results: found.map((each) => {
      const { text, next } = doctor.checks[each.code](each.facts);
      const { part, about, code, outcome, symptom } = each;
      return {
        part,
        about,
        code,
        outcome,
        text,
        ...(next === undefined ? {} : { next }),
        ...(symptom === undefined ? {} : { symptom }),
        facts: each.facts,
      };
    }),
  };
}

/** One check in one line: `✔ Slack · ops: is in #ops and may post`. */
export function checkLine(each: Diagnosis, { doctor, common }: Words): string {
  const place = common.join([doctor.part[each.part], each.about]);
  return `${marks[each.outcome]} ${doctor.line(place, doctor.checks[each.code](each.facts).text)}`;
}

/** What could not be checked is told nowhere else, so what would tell stands below it. */
function shortText(each: Diagnosis, said: Words): string {
  const { next } = said.doctor.checks[each.code](each.facts);
  const line = checkLine(each, said);
  return each.outcome === 'unchecked' && next !== undefined
    ? `${line}\n${said.doctor.next} ${next}`
    : line;
}

/** A check that somebody has to look after: what it found, what to do, where to read on. */
export function troubleText(each: Diagnosis, context: DoctorContext, said: Words): string {
  const { next } = said.doctor.checks[each.code](each.facts);
  return [
    checkLine(each, said),
    ...(next === undefined ? [] : [`${said.doctor.next} ${next}`]),
    ...(each.symptom === undefined ? [] : [readText(each.symptom, context, said)]),
  ].join('\n');
}

/** Where a symptom is read about: on the console, where people have one, else in the project's own pages. */
function readText(symptom: Symptom, { settings, language }: DoctorContext, said: Words): string {
  const console = settings.publicUrl?.replace(/\/+$/u, '');
  const page = language === 'en' ? 'docs/troubleshooting.md' : 'docs/troubleshooting.zh-CN.md';
  const title = said.doctor.symptom[symptom];
  const where =
    console === undefined ? `${page}#${slugOf(title)}` : `${console}/troubleshooting#${symptom}`;
  return said.doctor.read(title, where);
}

function sumOf(found: readonly Diagnosis[], { doctor }: Words): string {
  const count = (outcome: Outcome) => found.filter((each) => each.outcome === outcome).length;
  const sum = {
    ok: count('ok'),
    warning: count('warning'),
    wrong: count('wrong'),
    unchecked: count('unchecked'),
  };
  return sum.ok === found.length && found.length > 0 ? doctor.well(found.length) : doctor.sum(sum);
}

function everything(found: readonly Diagnosis[], said: Words): readonly ReplyBlock[] {
  return parts.flatMap((part) => {
    const here = inOrder(found.filter((each) => each.part === part));
    const lines = bounded(
      here.map((each) => shortText(each, said)),
      partLinesMax,
      said.common.more,
    );
    const texts: ReplyBlock[] = [];
    for (let at = 0; at < lines.length; at += linesMax)
      texts.push(asText(lines.slice(at, at + linesMax).join('\n')));
    return texts;
  });
}

function hints({ settings }: DoctorContext, { doctor }: Words): string {
  const [first] = settings.ensembles;
  return doctor.more('/zk doctor all', '/zk doctor click', `/zk doctor ${first?.id ?? '…'}`);
}

function inOrder(found: readonly Diagnosis[]): readonly Diagnosis[] {
  return found.toSorted(
    (a, b) =>
      rank[a.outcome] - rank[b.outcome] ||
      parts.indexOf(a.part) - parts.indexOf(b.part) ||
      symptoms.indexOf(a.symptom ?? 'the-bot-does-not-answer') -
        symptoms.indexOf(b.symptom ?? 'the-bot-does-not-answer'),
  );
}

function asText(text: string): ReplyBlock {
  return { kind: 'text', text };
}
