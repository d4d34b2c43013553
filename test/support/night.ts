import { detectors as catalogue } from '../../src/app/catalog.ts';
import type { Ensemble } from '../../src/model/ensemble.ts';
import { type Detector, type EnsembleView, historyMax } from '../../src/model/finding.ts';
import { type Incident, isOpen } from '../../src/model/incident.ts';
import type { Intent } from '../../src/model/incident-event.ts';
import { blankMemory, type EnsembleMemory } from '../../src/model/memory.ts';
import type { CanaryResult, Notice, Sample } from '../../src/model/sample.ts';
import { correlate } from '../../src/rules/incident/correlate.ts';
import { decide } from '../../src/rules/incident/decide.ts';
import type { OwnWork } from '../../src/rules/incident/own-work.ts';
import type { PlanStep } from '../../src/rules/incident/plan.ts';
import { type NewIncident, reduce } from '../../src/rules/incident/reduce.ts';
import { gridOf } from '../../src/rules/status/status.ts';
import { anEnsemble, aView, nightMs, type State, samplesOf } from './builders.ts';

/** What one look at the ensemble sees, and what the sensors noticed before it. */
export interface Look {
  readonly notices?: readonly Notice[];
  /** Replaces samples of the look. */
  readonly samples?: Readonly<Record<string, Sample>>;
  readonly canary?: CanaryResult;
  /** What the bot itself does to the servers. */
  readonly own?: OwnWork;
}

/** The rules at work on one ensemble, look after look, with everything kept in plain variables. */
export interface Night {
  /** Looks at `ms` after the beginning of the night; answers the steps that were planned. */
  look(ms: number, states: Readonly<Record<string, State>>, what?: Look): readonly PlanStep[];
  /** Somebody does something to an incident. */
  act(id: number, intent: Intent, ms: number): void;
  /** Takes servers out of the configuration, or adds some. */
  reconfigure(ensemble: Ensemble, detectors?: readonly Detector[]): void;
  incidents(): readonly Incident[];
  open(): readonly Incident[];
  memory(): EnsembleMemory;
}

export function aNight(start: Ensemble = anEnsemble()): Night {
  let ensemble = start;
  let detectors = catalogue;
  let memory = blankMemory;
  let history: Record<string, readonly Sample[]> = {};
  const incidents = new Map<number, Incident>();
  const open = (): readonly Incident[] => [...incidents.values()].filter(isOpen);

  function apply(id: number, intent: Intent, nowMs: number): void {
    const before = incidents.get(id);
    const decision = decide(before, intent, nowMs);
    if (decision.kind === 'refusal') throw new Error(`refused: ${decision.code}`);
    for (const event of decision.events) {
      const blank: NewIncident = { kind: 'new', id, ensemble: ensemble.id, version: 0 };
      incidents.set(id, reduce(incidents.get(id) ?? blank, event));
    }
  }

  function take(step: PlanStep, nowMs: number): void {
    switch (step.kind) {
      case 'open':
        return apply(incidents.size + 1, step.intent, nowMs);
      case 'change':
        return apply(step.incident, step.intent, nowMs);
      case 'fold': {
        const into = open().find(({ fingerprint }) => fingerprint === step.into);
        if (into === undefined) throw new Error(`nothing open is ${step.into}`);
        return apply(step.incident, { kind: 'fold', into: into.id }, nowMs);
      }
    }
  }

  return {
    look(ms, states, { notices = [], samples = {}, canary, own } = {}) {
      const atMs = nightMs + ms;
      const seen = { ...samplesOf(states, atMs), ...samples };
      const { lastLeader, leaderChanges, lives } = memory;
      const view: EnsembleView = aView({
        ensemble,
        atMs,
        samples: seen,
        history,
        notices,
        ...(canary === undefined ? {} : { canary }),
        ...(lastLeader === undefined ? {} : { lastLeader }),
        ...(leaderChanges === undefined ? {} : { leaderChanges }),
        ...(lives === undefined ? {} : { lives }),
      });
      const findings = detectors.flatMap((detector) => detector.detect(view, atMs));
      const input = {
        findings,
        open: open(),
        memory,
        view,
        detectors,
        grid: gridOf(view),
        ...(own === undefined ? {} : { own }),
      };
      const { plan, memory: next } = correlate(input, atMs);
      memory = { ...next, version: next.version + 1 };
      history = Object.fromEntries(
        Object.entries(seen).map(([id, sample]) => [
          id,
          [...(history[id] ?? []), sample].slice(-historyMax),
        ]),
      );
      for (const step of plan) take(step, atMs);
      return plan;
    },
    act: (id, intent, ms) => apply(id, intent, nightMs + ms),
    reconfigure(next, those = detectors) {
      ensemble = next;
      detectors = those;
    },
    incidents: () => [...incidents.values()],
    open,
    memory: () => memory,
  };
}
