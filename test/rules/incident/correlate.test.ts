import { describe, expect, it } from 'vitest';
import type { Detector, Explains, Finding } from '../../../src/model/finding.ts';
import { type Incident, type Symptom, symptomsMax } from '../../../src/model/incident.ts';
import type { Intent } from '../../../src/model/incident-event.ts';
import { blankMemory, type EnsembleMemory } from '../../../src/model/memory.ts';
import { defaultIncidentSettings } from '../../../src/model/settings.ts';
import { correlate } from '../../../src/rules/incident/correlate.ts';
import { fingerprintOf } from '../../../src/rules/incident/fingerprint.ts';
import type { CorrelateInput, PlanStep } from '../../../src/rules/incident/plan.ts';
import {
  aFinding,
  aGrid,
  anEnsemble,
  anIncident,
  aStamp,
  aSymptom,
  aView,
  nightMs,
} from '../../support/builders.ts';

/** Detectors with plain names, so that each rule of the correlation is seen alone: `cause` explains `effect`. */
function rule(name: string, overrides: Partial<Detector> = {}): Detector {
  return {
    name,
    severity: 'warn',
    explains: [],
    holdMs: () => 1000,
    clearMs: 0,
    thresholds: {},
    detect: () => [],
    ...overrides,
  };
}

const explainsEffect: readonly Explains[] = [{ detector: 'effect', scope: 'same-server' }];
const detectors = [rule('cause', { explains: explainsEffect }), rule('effect'), rule('other')];

function finding(detector: string, overrides: Partial<Finding> = {}): Finding {
  return aFinding({ detector, facts: { serving: 2 }, ...overrides });
}

function incident(detector: string, overrides: Partial<Incident> = {}): Incident {
  const { subject, facts, evidence } = finding(detector);
  return anIncident({ detector, subject, facts, evidence, ...overrides });
}

const zk2 = 'zk2';

function fp(detector: string, server: string = zk2): string {
  return fingerprintOf(detector, { ensemble: 'orders', server });
}

interface Given {
  readonly findings?: readonly Finding[];
  readonly open?: readonly Incident[];
  readonly memory?: Partial<EnsembleMemory>;
  readonly rules?: readonly Detector[];
  readonly view?: CorrelateInput['view'];
}

function plan(given: Given): ReturnType<typeof correlate> {
  const { findings = [], open = [], memory = {}, rules = detectors, view = aView() } = given;
  return correlate(
    {
      findings,
      open,
      memory: { ...blankMemory, version: 4, ...memory },
      view,
      detectors: rules,
      grid: aGrid(),
    },
    nightMs,
  );
}

/** The plan in words: `open cause`, `12 observe`, `12 fold into orders/cause/zk2`. */
function told(given: Given): readonly string[] {
  return plan(given).plan.map((step) => {
    switch (step.kind) {
      case 'open':
        return `open ${step.intent.detector}`;
      case 'change':
        return `${step.incident} ${step.intent.kind}`;
      case 'fold':
        return `${step.incident} fold into ${step.into}`;
    }
  });
}

function intentOf<Kind extends Intent['kind']>(
  steps: readonly PlanStep[],
  kind: Kind,
): Extract<Intent, { readonly kind: Kind }> {
  const found = steps
    .flatMap((step) => (step.kind === 'fold' ? [] : [step.intent]))
    .find((intent): intent is Extract<Intent, { readonly kind: Kind }> => intent.kind === kind);
  if (found === undefined) throw new Error(`no step ${kind}`);
  return found;
}

const page = { severity: 'page' } as const;
const doubtful = { conclusive: false } as const;
const long = nightMs - 1000;

describe('a finding without an incident', () => {
  it.each([
    ['beyond doubt', {}, undefined, ['open cause']],
    ['doubtful', doubtful, undefined, []],
    ['doubtful and young', doubtful, long + 1, []],
    ['doubtful and held', doubtful, long, ['open cause']],
    ['clear', { verdict: 'clear' }, long, []],
    ['unknown', { verdict: 'unknown' }, long, []],
  ] as const)('that is %s', (_, overrides, since, expected) => {
    const memory = since === undefined ? {} : { firingSince: { [fp('cause')]: since } };

    expect(told({ findings: [finding('cause', overrides)], memory })).toEqual(expected);
  });

  it('opens with everything the card needs', () => {
    const firing = finding('cause', { ...page, evidence: ['line'] });

    const { plan: steps } = plan({
      findings: [firing],
      memory: { firingSince: { [fp('cause')]: nightMs - 500 } },
    });

    expect(steps).toEqual([
      {
        kind: 'open',
        intent: {
          kind: 'trigger',
          fingerprint: 'orders/cause/zk2',
          detector: 'cause',
          subject: firing.subject,
          severity: 'page',
          facts: firing.facts,
          evidence: ['line'],
          grid: aGrid(),
          symptoms: [],
          sinceMs: nightMs - 500,
          page: false,
        },
      },
    ]);
  });

  it.each([
    ['a page that has held', page, long, true],
    ['a page that has not', page, long + 1, false],
    ['a warning that has held', {}, long, false],
    ['a note that has held', { severity: 'info' }, long, false],
  ] as const)('calls people for %s: %o', (_, overrides, since, expected) => {
    const { plan: steps } = plan({
      findings: [finding('cause', overrides)],
      memory: { firingSince: { [fp('cause')]: since } },
    });

    expect(intentOf(steps, 'trigger').page).toBe(expected);
  });

  it('shows at once when no detector of the list knows it', () => {
    expect(told({ findings: [finding('detector-failed', doubtful)] })).toEqual([
      'open detector-failed',
    ]);
  });
});

describe('a doubtful finding that explains another', () => {
  const cause = finding('cause', doubtful);
  const effect = finding('effect', doubtful);

  it.each([
    ['has held, with a card of the cause', long, [], ['open cause']],
    ['has not held', long + 1, [], []],
    ['has held and has its card already', long, [incident('effect')], []],
  ] as const)('while the other %s', (_, since, open, expected) => {
    const memory = { firingSince: { [fp('cause')]: nightMs, [fp('effect')]: since } };

    expect(told({ findings: [cause, effect], open, memory })).toEqual(expected);
  });

  it('calls people as the other would have', () => {
    const memory = { firingSince: { [fp('effect')]: long } };

    const { plan: steps } = plan({ findings: [cause, { ...effect, ...page }], memory });

    expect(intentOf(steps, 'trigger')).toMatchObject({ detector: 'cause', page: true });
  });

  it('is left out where the other is explained by what is beyond doubt', () => {
    const rules = [
      ...detectors,
      rule('sure', { explains: [{ detector: 'effect', scope: 'same-server' }] }),
    ];
    const memory = { firingSince: { [fp('effect')]: long } };

    expect(told({ findings: [cause, effect, finding('sure')], memory, rules })).toEqual([
      'open sure',
    ]);
  });
});

describe('a finding with an open incident', () => {
  it('changes nothing while it looks the same', () => {
    expect(told({ findings: [finding('cause')], open: [incident('cause')] })).toEqual([]);
  });

  it.each([
    ['its severity', finding('cause', page), ['12 observe']],
    ['its facts', finding('cause', { facts: { serving: 1 } }), ['12 observe']],
    ['its evidence alone', finding('cause', { evidence: ['another'] }), []],
    ['a counter alone', finding('cause', { facts: { serving: 2, silentMs: 7, latencyMs: 7 } }), []],
    [
      'nothing but the order of its facts',
      finding('cause', { facts: { role: 'voter', serving: 2 } }),
      [],
    ],
  ])('that changed in %s', (_, now, expected) => {
    const open = [
      incident('cause', {
        facts: { serving: 2, ...(now.facts['role'] === undefined ? {} : { role: 'voter' }) },
      }),
    ];

    expect(told({ findings: [now], open })).toEqual(expected);
  });

  it.each([
    ['a little', { waiting: 149, total: 70 }, []],
    ['by half', { waiting: 150, total: 100 }, ['12 observe']],
    ['to less than half', { waiting: 50, total: 100 }, ['12 observe']],
    ['to nothing', { waiting: 0, total: 100 }, ['12 observe']],
    ['beside what says nothing new', { waiting: 101, total: 100, worst: 'zk3', spark: ['2'] }, []],
  ])('is drawn again when a figure moved far: %s', (_, facts, expected) => {
    const shown = { waiting: 100, total: 100, worst: 'zk1', spark: ['1'] };
    const open = [incident('cause', { facts: shown })];

    expect(told({ findings: [finding('cause', { facts: { ...shown, ...facts } })], open })).toEqual(
      expected,
    );
  });

  it('is drawn again when a server of the grid changed, and not for its lag', () => {
    const behind = aGrid().map((cell) => ({ ...cell, lag: 3 }));

    expect(
      told({ findings: [finding('cause')], open: [incident('cause', { grid: behind })] }),
    ).toEqual([]);
    expect(
      told({
        findings: [finding('cause')],
        open: [incident('cause', { grid: aGrid({ zk1: 'leader' }) })],
      }),
    ).toEqual(['12 observe']);
  });

  it('keeps what was known only when it began', () => {
    const open = [incident('cause', { facts: { led: true, blinkMs: 400, serving: 2 } })];
    const now = finding('cause', { facts: { led: false, blinkMs: -1, serving: 1 } });

    const { plan: steps } = plan({ findings: [now], open });

    expect(intentOf(steps, 'observe').facts).toEqual({ led: true, blinkMs: 400, serving: 1 });
  });

  it.each([
    ['quiet', {}, ['12 observe', '12 page']],
    ['paged', { pagedMs: nightMs }, ['12 observe']],
    ['acknowledged', { state: 'acknowledged', acknowledged: aStamp() }, ['12 observe']],
  ] as const)('pages when its hold has passed, if it is %s', (_, state, expected) => {
    const memory = { firingSince: { [fp('cause')]: long } };

    expect(
      told({ findings: [finding('cause', page)], open: [incident('cause', state)], memory }),
    ).toEqual(expected);
  });

  it('is resolved when it is clear', () => {
    const open = [incident('cause')];

    const { plan: steps } = plan({ findings: [finding('cause', { verdict: 'clear' })], open });

    expect(steps).toEqual([
      { kind: 'change', incident: 12, intent: { kind: 'resolve', grid: aGrid() } },
    ]);
  });

  it('is resolved when it is clear, though no detector of the list knows it', () => {
    const clear = finding('detector-failed', { verdict: 'clear' });

    expect(told({ findings: [clear], open: [incident('detector-failed')] })).toEqual([
      '12 resolve',
    ]);
  });

  it('is resolved only after it was clear for long enough without a break', () => {
    const rules = [rule('cause', { clearMs: 700 })];
    const given = {
      findings: [finding('cause', { verdict: 'clear' })],
      open: [incident('cause')],
      rules,
    };
    const clearSince = (since: number): Partial<EnsembleMemory> => ({
      clearSince: { [fp('cause')]: since },
    });

    expect(plan(given)).toMatchObject({
      plan: [],
      memory: { clearSince: { [fp('cause')]: nightMs } },
    });
    expect(told({ ...given, memory: clearSince(nightMs - 699) })).toEqual([]);
    expect(told({ ...given, memory: clearSince(nightMs - 700) })).toEqual(['12 resolve']);
    expect(
      plan({ ...given, findings: [finding('cause')], memory: clearSince(long) }).memory.clearSince,
    ).toEqual({});
  });

  it('neither pages nor ends while nothing is known, and keeps its face', () => {
    const open = [incident('cause', { ...page, facts: { serving: 7 }, evidence: ['old'] })];
    const memory = { firingSince: { [fp('cause')]: long } };

    const unknown = finding('cause', { ...page, verdict: 'unknown', facts: { serving: 0 } });
    expect(plan({ findings: [unknown], open, memory })).toMatchObject({ plan: [], memory });
  });

  it('is unknown while its detector says nothing of it', () => {
    expect(told({ open: [incident('cause')] })).toEqual([]);
  });

  it.each([
    ['its server left', { view: aView({ ensemble: anEnsemble({ voters: 1 }) }) }],
    ['its detector left', { rules: [] }],
  ])('is not over but out of sight when %s', (_, what) => {
    const { plan: steps, memory } = plan({ open: [incident('cause')], ...what });

    expect(steps).toHaveLength(1);
    expect(intentOf(steps, 'sight').unseen).toEqual({ sinceMs: nightMs, why: 'left' });
    expect(memory.unseenSince).toEqual({ [fp('cause')]: nightMs });
  });

  it('says so when nothing was known of it for long, and expires in the end', () => {
    const { unseenAfterMs, staleAfterMs } = defaultIncidentSettings;
    const open = [incident('cause')];
    const since = (ms: number) => ({ unseenSince: { [fp('cause')]: nightMs - ms } });
    const unseen = { sinceMs: nightMs - staleAfterMs, why: 'unknown' } as const;

    expect(told({ open, memory: since(unseenAfterMs - 1) })).toEqual([]);
    expect(told({ open, memory: since(unseenAfterMs) })).toEqual(['12 sight']);
    expect(told({ open: [incident('cause', { unseen })] })).toEqual(['12 expire']);
  });

  it.each(['firing', 'clear'] as const)('is seen again when it is %s', (verdict) => {
    const unseen = { sinceMs: nightMs - 1, why: 'unknown' } as const;
    const open = [incident('cause', { unseen })];
    const rules = [rule('cause', { clearMs: 1000 })];

    const steps = plan({ open, rules, findings: [finding('cause', { verdict })] });

    expect(intentOf(steps.plan, 'sight').unseen).toBeUndefined();
    expect(steps.memory.unseenSince).toEqual({});
  });

  it('about the whole ensemble stays although no server is named', () => {
    const subject = { ensemble: 'orders' };

    expect(told({ open: [incident('cause', { subject, fingerprint: 'orders/cause/' })] })).toEqual(
      [],
    );
  });
});

describe('a symptom', () => {
  const both = [finding('cause'), finding('effect')];

  it('is a line on the card of its cause, and no card', () => {
    const { plan: steps } = plan({ findings: both });

    expect(steps).toHaveLength(1);
    expect(intentOf(steps, 'trigger')).toMatchObject({
      detector: 'cause',
      symptoms: [{ detector: 'effect', severity: 'warn', facts: { serving: 2 }, sinceMs: nightMs }],
    });
  });

  it.each([
    [
      'its cause is about another server',
      [finding('cause', { subject: { ensemble: 'orders', server: 'zk3' } }), finding('effect')],
    ],
    ['its cause is still in doubt', [finding('cause', doubtful), finding('effect')]],
    ['its cause is clear', [finding('cause', { verdict: 'clear' }), finding('effect')]],
    ['nothing explains it', [finding('other'), finding('effect')]],
  ])('has its own card when %s', (_, findings) => {
    expect(told({ findings })).toContain('open effect');
  });

  it('stays under a cause whose card is out though nothing can be seen of it now', () => {
    const findings = [finding('cause', { verdict: 'unknown' }), finding('effect')];

    expect(told({ findings, open: [incident('cause')] })).toEqual(['12 observe']);
  });

  it('stays under a cause that is clear but not yet for long enough', () => {
    const rules = [rule('cause', { explains: explainsEffect, clearMs: 700 }), rule('effect')];
    const findings = [finding('cause', { verdict: 'clear' }), finding('effect')];

    expect(told({ findings, open: [incident('cause')], rules })).toEqual(['12 observe']);
  });

  it('makes the card worse only when its own hold has passed', () => {
    const findings = [finding('cause'), finding('effect', page)];
    const open = [incident('cause', { symptoms: [aSymptom({ detector: 'effect' })] })];
    const since = (ms: number): Partial<EnsembleMemory> => ({
      firingSince: { [fp('effect')]: ms },
    });

    expect(told({ findings, open, memory: since(long + 1) })).toEqual([]);
    expect(told({ findings, open, memory: since(long) })).toEqual(['12 observe', '12 page']);
    expect(intentOf(plan({ findings, open, memory: since(long) }).plan, 'observe').severity).toBe(
      'page',
    );
  });

  it('says when it is over, and comes back as new', () => {
    const listed: Symptom = aSymptom({ detector: 'effect', facts: { serving: 2 } });
    const cleared = { ...listed, clearedMs: nightMs - 10 };
    const over = [finding('cause'), finding('effect', { verdict: 'clear' })];

    const ended = plan({ findings: over, open: [incident('cause', { symptoms: [listed] })] });
    expect(intentOf(ended.plan, 'observe').symptoms).toEqual([{ ...listed, clearedMs: nightMs }]);
    expect(told({ findings: over, open: [incident('cause', { symptoms: [cleared] })] })).toEqual(
      [],
    );
    const again = plan({ findings: both, open: [incident('cause', { symptoms: [cleared] })] });
    expect(intentOf(again.plan, 'observe').symptoms).toEqual([listed]);
  });

  it('stays as it is while nothing can be seen of it', () => {
    const findings = [finding('cause'), finding('effect', { verdict: 'unknown' })];
    const open = [incident('cause', { symptoms: [aSymptom({ detector: 'effect' })] })];
    const memory = { firingSince: { [fp('cause')]: nightMs, [fp('effect')]: long } };

    expect(plan({ findings, open, memory })).toMatchObject({ plan: [], memory });
  });

  it('makes room for others when it is over and there are too many', () => {
    const server = (index: number): Finding['subject'] => ({
      ensemble: 'orders',
      server: `s${index}`,
    });
    const rules = [
      rule('cause', { explains: [{ detector: 'effect', scope: 'ensemble' }] }),
      rule('effect'),
    ];
    const many = Array.from({ length: symptomsMax + 1 }, (_, index) =>
      finding('effect', { subject: server(index) }),
    );
    const old = aSymptom({ detector: 'effect', subject: server(99), clearedMs: long });
    const listed = many
      .slice(0, symptomsMax)
      .map(({ subject }) => aSymptom({ detector: 'effect', subject }));

    const first = plan({
      findings: [finding('cause'), ...many],
      open: [incident('cause', { symptoms: [old] })],
      rules,
    });
    expect(intentOf(first.plan, 'observe').symptoms.map(({ subject }) => subject)).toEqual(
      listed.map(({ subject }) => subject),
    );
    expect(
      told({
        findings: [finding('cause'), ...many],
        open: [incident('cause', { symptoms: listed })],
        rules,
      }),
    ).toEqual([]);
  });

  it('follows a chain of causes to its end', () => {
    const rules = [
      rule('effect'),
      rule('cause', { explains: explainsEffect }),
      rule('root', { explains: [{ detector: 'cause', scope: 'ensemble' }] }),
    ];

    const { plan: steps } = plan({ findings: [...both, finding('root')], rules });

    expect(steps).toHaveLength(1);
    expect(intentOf(steps, 'trigger').symptoms.map(({ detector }) => detector)).toEqual([
      'cause',
      'effect',
    ]);
  });

  it('goes to the cause whose card is older, then to the one that means the whole ensemble', () => {
    const rules = [
      rule('cause', { explains: [{ detector: 'effect', scope: 'ensemble' }] }),
      rule('effect'),
    ];
    const whole = finding('cause', { subject: { ensemble: 'orders' } });
    const zk1 = finding('cause', { subject: { ensemble: 'orders', server: 'zk1' } });
    const opened = (id: number, of: Finding): Incident =>
      incident('cause', {
        id,
        subject: of.subject,
        fingerprint: fingerprintOf('cause', of.subject),
      });
    const owner = (given: Given): string | undefined =>
      plan({ ...given, rules })
        .plan.flatMap((step) => (step.kind === 'fold' ? [] : [step]))
        .filter(({ intent }) => 'symptoms' in intent && intent.symptoms.length > 0)
        .map((step) => (step.kind === 'open' ? step.intent.fingerprint : `#${step.incident}`))
        .join(' ');

    expect(owner({ findings: [finding('cause'), zk1, finding('effect')] })).toBe(
      'orders/cause/zk1',
    );
    expect(owner({ findings: [zk1, whole, finding('effect')] })).toBe('orders/cause/');
    expect(owner({ findings: [whole, zk1, finding('effect')] })).toBe('orders/cause/');
    expect(
      owner({
        findings: [zk1, whole, finding('effect')],
        open: [opened(9, whole), opened(7, zk1)],
      }),
    ).toBe('#7');
  });

  it('of a server that led goes to it wherever it shows, and to no server that did not lead', () => {
    const rules = [
      rule('cause', { explains: [{ detector: 'effect', scope: 'ensemble-if-led' }] }),
      rule('effect'),
    ];
    const effect = finding('effect', { subject: { ensemble: 'orders' } });
    const led = (fact: boolean): Finding => finding('cause', { facts: { led: fact } });

    expect(told({ findings: [led(true), effect], rules })).toEqual(['open cause']);
    expect(told({ findings: [led(false), effect], rules })).toEqual(['open cause', 'open effect']);
    expect(told({ findings: [effect], open: [incident('cause')], rules })).toEqual(['open effect']);
  });

  it('of a server goes to none that observes, where only those that vote bring it about', () => {
    const rules = [
      rule('cause', { explains: [{ detector: 'effect', scope: 'ensemble-if-voter' }] }),
      rule('effect'),
    ];
    const effect = finding('effect', { subject: { ensemble: 'orders' } });
    const of = (role: string): Finding => finding('cause', { facts: { role } });

    expect(told({ findings: [of('voter'), effect], rules })).toEqual(['open cause']);
    expect(told({ findings: [of('observer'), effect], rules })).toEqual([
      'open cause',
      'open effect',
    ]);
  });

  it('that one cut brings about on several servers is one card, of the first of them', () => {
    const explains: readonly Explains[] = [{ detector: 'cause', scope: 'ensemble' }];
    const of = (server: string): Finding =>
      finding('cause', { subject: { ensemble: 'orders', server } });
    const given = { findings: [of('zk3'), of('zk1')], rules: [rule('cause', { explains })] };
    const card = incident('cause', {
      id: 9,
      subject: of('zk3').subject,
      fingerprint: fp('cause', 'zk3'),
    });

    const { plan: steps } = plan(given);

    expect(told(given)).toEqual(['open cause']);
    expect(intentOf(steps, 'trigger')).toMatchObject({
      subject: { server: 'zk1' },
      symptoms: [{ detector: 'cause', subject: { server: 'zk3' } }],
    });
    expect(told({ ...given, open: [card] })).toEqual(['9 observe']);
  });

  it('that explains its cause in turn is the cause where its card is out', () => {
    const rules = [
      rule('cause', { explains: explainsEffect }),
      rule('effect', { explains: [{ detector: 'cause', scope: 'same-server' }] }),
    ];

    expect(told({ findings: both, rules })).toEqual(['open cause']);
    expect(told({ findings: both, open: [incident('effect')], rules })).toEqual(['12 observe']);
    expect(told({ findings: [finding('cause'), finding('effect', doubtful)], rules })).toEqual([
      'open cause',
    ]);
  });
});

describe('a line on a card that ends', () => {
  const lookBackMs = 30_000;
  const rules = [
    rule('cause', { explains: explainsEffect }),
    rule('effect', { looksBackMs: () => lookBackMs }),
  ];
  const open = [incident('cause', { symptoms: [aSymptom({ detector: 'effect' })] })];
  const findings = [finding('cause', { verdict: 'clear' }), finding('effect')];
  const left = (ms: number): Partial<EnsembleMemory> => ({
    firingSince: { [fp('effect')]: ms },
    leftOverSince: { [fp('effect')]: ms },
  });

  it('becomes a fault of its own at once, where it tells of the moment', () => {
    const moment = [rule('cause', { explains: explainsEffect }), rule('effect')];

    expect(told({ findings, open, rules: moment })).toEqual(['open effect', '12 resolve']);
  });

  it('waits, where it looks back at the time of the other', () => {
    const { plan: steps, memory } = plan({ findings, open, rules });

    expect(steps.map(({ kind }) => kind)).toEqual(['change']);
    expect(memory.leftOverSince).toEqual({ [fp('effect')]: nightMs });
  });

  it.each([
    [
      'has not outlasted it by what it looks back',
      nightMs - lookBackMs + 1,
      finding('effect'),
      [],
      true,
    ],
    ['has', nightMs - lookBackMs, finding('effect'), ['open effect'], false],
    ['is not seen meanwhile', nightMs - 1, finding('effect', { verdict: 'unknown' }), [], true],
    ['is clear meanwhile', nightMs - 1, finding('effect', { verdict: 'clear' }), [], false],
  ] as const)('that %s', (_, since, now, expected, isKept) => {
    const given = { findings: [now], memory: left(since), rules };

    expect(told(given)).toEqual(expected);
    expect(fp('effect') in (plan(given).memory.leftOverSince ?? {})).toBe(
      isKept && now.verdict === 'firing',
    );
  });

  it('goes to another cause as before', () => {
    const given = {
      findings: [finding('cause'), finding('effect')],
      memory: left(nightMs - 1),
      rules,
    };

    expect(told(given)).toEqual(['open cause']);
  });
});

describe('a card that was the beginning of something bigger', () => {
  const findings = [finding('cause', page), finding('effect')];

  it('becomes the card of the cause', () => {
    const { plan: steps } = plan({ findings, open: [incident('effect')] });

    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({
      kind: 'change',
      incident: 12,
      intent: {
        kind: 'recognise',
        fingerprint: 'orders/cause/zk2',
        detector: 'cause',
        severity: 'page',
        page: false,
        symptoms: [{ detector: 'effect', sinceMs: nightMs }],
      },
    });
  });

  it('calls people where the cause has held long enough', () => {
    const memory = { firingSince: { [fp('cause')]: long } };

    expect(
      intentOf(plan({ findings, open: [incident('effect')], memory }).plan, 'recognise').page,
    ).toBe(true);
  });

  it.each([
    ['somebody has begun to take on', { pagedMs: nightMs, joined: [aStamp()] }],
    ['somebody has taken on', { state: 'acknowledged', acknowledged: aStamp() }],
    ['is a note for the record', { severity: 'info' }],
  ] as const)('is folded when it is one that %s; the cause gets its own, first', (_, state) => {
    expect(told({ findings, open: [incident('effect', state)] })).toEqual([
      'open cause',
      '12 fold into orders/cause/zk2',
    ]);
  });

  it('goes on under the name of the cause where people were called for the same server', () => {
    const { plan: steps } = plan({ findings, open: [incident('effect', { pagedMs: nightMs })] });

    expect(steps).toMatchObject([
      { kind: 'change', incident: 12, intent: { kind: 'recognise', detector: 'cause' } },
    ]);
  });

  it('is folded where people were called for another server, and the cause is a new page', () => {
    const rules = [
      rule('cause', { explains: [{ detector: 'effect', scope: 'ensemble' }] }),
      rule('effect'),
    ];
    const whole = finding('cause', { subject: { ensemble: 'orders' } });
    const open = [incident('effect', { pagedMs: nightMs })];

    expect(told({ findings: [whole, finding('effect')], open, rules })).toEqual([
      'open cause',
      '12 fold into orders/cause/',
    ]);
  });

  it('is one that called people rather than an older one that did not', () => {
    const rules = [
      rule('cause', { explains: [...explainsEffect, { detector: 'other', scope: 'same-server' }] }),
      rule('effect'),
      rule('other'),
    ];
    const open = [incident('other', { id: 7 }), incident('effect', { pagedMs: nightMs })];

    expect(told({ findings: [...findings, finding('other')], open, rules })).toEqual([
      '12 recognise',
      '7 fold into orders/cause/zk2',
    ]);
  });

  it('is the oldest of several, and the others are folded into it', () => {
    const rules = [
      rule('cause', { explains: [{ detector: 'effect', scope: 'ensemble' }] }),
      rule('effect'),
    ];
    const zk3 = finding('effect', { subject: { ensemble: 'orders', server: 'zk3' } });
    const third = incident('effect', {
      id: 7,
      subject: zk3.subject,
      fingerprint: fp('effect', 'zk3'),
    });

    expect(
      told({ findings: [...findings, zk3], open: [incident('effect'), third], rules }),
    ).toEqual(['7 recognise', '12 fold into orders/cause/zk2']);
  });

  it('is folded into the card of the cause where that is out', () => {
    const open = [
      incident('effect', { id: 20 }),
      incident('cause', { ...page, symptoms: [aSymptom({ detector: 'effect' })] }),
    ];

    expect(told({ findings, open })).toEqual(['20 fold into orders/cause/zk2']);
  });

  it('is a symptom with its own face though nothing can be seen of it now', () => {
    const open = [incident('effect', { facts: { serving: 9 }, sinceMs: long })];

    const { plan: steps } = plan({ findings: [finding('cause')], open });

    expect(intentOf(steps, 'recognise').symptoms).toMatchObject([
      { detector: 'effect', facts: { serving: 9 }, sinceMs: long, severity: 'warn' },
    ]);
  });
});

describe('what a cause leaves behind when it is over', () => {
  const open = [incident('cause', { symptoms: [aSymptom({ detector: 'effect' })] })];
  const memory = { firingSince: { [fp('effect')]: nightMs - 60_000 } };

  it('gets its own card where it is beyond doubt, and a fresh hold before it pages', () => {
    const findings = [finding('cause', { verdict: 'clear' }), finding('effect', page)];

    const { plan: steps, memory: next } = plan({ findings, open, memory });

    expect(intentOf(steps, 'trigger')).toMatchObject({
      detector: 'effect',
      page: false,
      sinceMs: nightMs - 60_000,
    });
    expect(intentOf(steps, 'resolve')).toBeDefined();
    expect(next.firingSince).toEqual({ [fp('effect')]: nightMs });
  });

  it('waits for a fresh hold where it is in doubt', () => {
    const findings = [finding('cause', { verdict: 'clear' }), finding('effect', doubtful)];

    expect(told({ findings, open, memory })).toEqual(['12 resolve']);
  });
});

describe('the memory', () => {
  it('keeps its version, and takes the time of the look', () => {
    expect(plan({}).memory).toMatchObject({ version: 4, atMs: nightMs });
  });

  it('knows since when a fault fires, and forgets one that does not', () => {
    const findings = [
      finding('cause'),
      finding('effect', { verdict: 'unknown' }),
      finding('other', { verdict: 'clear' }),
    ];
    const firingSince = Object.fromEntries(
      ['cause', 'effect', 'other', 'gone'].map((name) => [fp(name), long]),
    );

    expect(plan({ findings, memory: { firingSince } }).memory.firingSince).toEqual({
      [fp('cause')]: long,
    });
  });

  it('has a fault fire since now when it was never seen before, though its card is out', () => {
    const { memory } = plan({
      findings: [finding('cause', { verdict: 'unknown' })],
      open: [incident('cause')],
    });

    expect(memory.firingSince).toEqual({});
  });

  it('remembers the last leader while there is none', () => {
    const lastLeader = { server: 'zk3', atMs: 7 };

    expect(plan({}).memory.lastLeader).toEqual({ server: 'zk1', atMs: nightMs, epoch: 1 });
    expect(
      plan({ view: aView({ samples: {} }), memory: { lastLeader } }).memory.lastLeader,
    ).toEqual(lastLeader);
  });
});
