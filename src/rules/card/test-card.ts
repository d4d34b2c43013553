import type { Card } from '../../model/card.ts';
import { ownEnsemble } from '../../model/ensemble.ts';
import type { Language } from '../../model/person.ts';
import { words } from './words/words.ts';

/** The name under which a test card goes where a card names its detector. */
const testDetector = 'doctor';

/** How a test stands: waiting for a press, pressed, or given up. */
export type TestState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'pressed'; readonly name: string; readonly afterMs: number }
  | { readonly kind: 'over' };

/** A card with one button whose press only says that it came back. Its place is that of Acknowledge, which every template has. */
export function testCard(
  test: { readonly id: string; readonly postedMs: number; readonly language: Language },
  state: TestState,
  nowMs: number,
): Card {
  const { doctor, common } = words(test.language);
  const say = doctor.test;
  return {
    incident: 0,
    ensemble: ownEnsemble,
    detector: testDetector,
    version: state.kind === 'waiting' ? 1 : 2,
    language: test.language,
    tone: state.kind === 'pressed' ? 'resolved' : state.kind === 'over' ? 'warning' : 'info',
    severity: common.severity.info,
    title: say.title,
    grid: [],
    meaning: say.meaning,
    advice: state.kind === 'waiting' ? say.advice : say.nothing,
    evidence: [],
    symptoms: [],
    stateLine:
      state.kind === 'pressed'
        ? say.pressed(state.name, common.duration(state.afterMs))
        : say[state.kind],
    sinceMs: test.postedMs,
    changedMs: nowMs,
    buttons:
      state.kind === 'waiting'
        ? [
            {
              id: 'ack',
              label: say.button,
              style: 'primary',
              invocation: { command: 'doctor', args: ['pressed', test.id], options: {} },
            },
          ]
        : [],
    more: [],
  };
}
