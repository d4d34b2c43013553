import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { quorumOf } from '../facts.ts';
import { counted } from '../plural.ts';

const { duration, list, time, via } = commonEn;

interface Asked {
  readonly name: string;
  readonly via: string;
}

interface Waiting {
  readonly needed: number;
  readonly given: readonly string[];
  readonly untilMs: number;
}

function serving(facts: Facts): string {
  const { voters, serving: up } = quorumOf(facts);
  return `${up} of ${counted(voters, 'voter')} serving`;
}

/** Texts of a recovery to which other people must agree. */
export const approvalEn = {
  approve: 'Approve…',
  reject: 'Reject…',
  awaiting: (what: string, { name, via: way }: Asked, reason: string, waiting: Waiting) => {
    const left = waiting.needed - waiting.given.length;
    const agreed = waiting.given.length === 0 ? '' : `${list(waiting.given)} agreed; `;
    return `${what}, asked by ${name} via ${via(way)}: ${reason}. ${agreed}${counted(left, 'more person', 'more people')} must agree until ${time(waiting.untilMs)}`;
  },
  rejected: (what: string, by: string, reason: string) =>
    `${what} was rejected by ${by}: ${reason}. Nothing was done`,
  expired: (what: string) => `${what}: nobody agreed in time. Nothing was done`,
  form: {
    title: (what: string, id: string) => `${what} (${id}): do you agree?`,
    asked: (name: string, way: string, agoMs: number, reason: string) =>
      `${name} asked for it via ${via(way)} ${duration(agoMs)} ago: ${reason}`,
    before: (facts: Facts) => `Then: ${serving(facts)}.`,
    now: (facts: Facts) => `Now: ${serving(facts)}.`,
    same: (facts: Facts) => `Nothing has changed since: ${serving(facts)}.`,
    reasonLabel: 'Why you agree (kept in the audit)',
    submit: 'Agree',
  },
  rejectForm: {
    title: (id: string) => `Reject ${id}?`,
    lines: [] as readonly string[],
    reasonLabel: 'Why not (everybody sees it)',
    submit: 'Reject',
    cancel: 'Cancel',
    danger: false,
  },
  asked: (what: string, id: string, needed: number, untilMs: number) =>
    `${what} is asked for (${id}). ${counted(needed, 'other person', 'other people')} must agree until ${time(untilMs)}: approve ${id}`,
  agreed: (id: string, left: number) =>
    `You agreed to ${id}; ${counted(left, 'more person', 'more people')} must agree.`,
  begins: (what: string, id: string) =>
    `You agreed: ${what} begins (${id}). Its card says how it goes.`,
  done: (id: string) => `${id} is rejected; nothing was done.`,
};

export type ApprovalWords = typeof approvalEn;
