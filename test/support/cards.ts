import type { Button, Card, ThreadLine } from '../../src/model/card.ts';
import type { Destination } from '../../src/model/notification.ts';

/** A button that acknowledges incident 12, or says what the test wants. */
export function aButton(overrides: Partial<Button> = {}): Button {
  return {
    id: 'ack',
    label: 'Acknowledge',
    style: 'primary',
    invocation: { command: 'ack', args: ['12'], options: {} },
    ...overrides,
  };
}

/** The card of a lost quorum, as a person would get it at 3 a.m. */
export function aCard(overrides: Partial<Card> = {}): Card {
  return {
    incident: 12,
    ensemble: 'orders',
    version: 1,
    language: 'en',
    tone: 'critical',
    detector: 'quorum-lost',
    severity: 'page',
    title: 'orders: quorum lost — 1 of 3 voters serving',
    grid: [
      { server: 'zk1', role: 'voter', state: 'not serving', health: 'bad' },
      { server: 'zk2', role: 'voter', state: 'down', health: 'bad' },
      { server: 'zk3', role: 'voter', state: 'follower', health: 'good', lag: '0' },
    ],
    meaning: 'No writes pass until one more voter serves.',
    advice: 'Bring back zk2 first.',
    runbookUrl: 'https://runbooks.example/quorum-lost',
    consoleUrl: 'https://nightkeeper.example/incidents/12',
    evidence: ['zk2 refused 10.0.0.2:2181', 'zk1: This ZooKeeper instance is not serving requests'],
    symptoms: ['zk2 is down'],
    stateLine: 'Nobody has acknowledged yet',
    sinceMs: Date.UTC(2026, 10, 21, 3, 0, 0),
    changedMs: Date.UTC(2026, 10, 21, 3, 0, 1),
    buttons: [
      aButton(),
      aButton({
        id: 'escalate',
        label: 'Escalate',
        style: 'plain',
        invocation: { command: 'escalate', args: ['12'], options: {} },
        confirm: { title: 'Escalate #12?', text: 'Calls Bo.', yes: 'Call Bo', no: 'Not yet' },
      }),
    ],
    more: [],
    ...overrides,
  };
}

/** A card at every limit and beyond: seven voters, hundreds of lines, letters that need escaping, emoji and Chinese. */
export function anEndlessCard(overrides: Partial<Card> = {}): Card {
  const long = (text: string): string => text.repeat(400);
  return aCard({
    title: `orders: quorum lost — ${long('一台投票者 <&> 🔥 ')}`,
    grid: Array.from({ length: 120 }, (_, index) => ({
      server: `zookeeper-${index}.rack-17.dc-east.example.com:2181`,
      role: 'voter',
      state: 'not serving <&>',
      health: 'bad' as const,
      lag: '1234567',
    })),
    meaning: long('<&> meaning 🔥 '),
    advice: long('advice 建议 '),
    evidence: Array.from({ length: 200 }, (_, index) => `line ${index} \`\`\` ${long('<&>')}`),
    symptoms: Array.from({ length: 200 }, (_, index) => `symptom ${index} ${long('& ')}`),
    stateLine: long('state 🔥'),
    recoveryLine: long('recovery 🔥'),
    spark: { label: long('latency '), values: Array.from({ length: 2000 }, (_, index) => index) },
    runbookUrl: `https://runbooks.example/${long('x')}`,
    buttons: Array.from({ length: 20 }, (_, index) =>
      aButton({
        id: `button-${index}-${long('x')}`,
        label: `${index} ${long('标签 🔥')}`,
        invocation: { command: 'show', args: ['12', long('x')], options: {} },
        confirm: { title: long('t'), text: long('t'), yes: long('y'), no: long('n') },
      }),
    ),
    more: Array.from({ length: 20 }, (_, index) =>
      aButton({ id: `more-${index}`, label: `more ${index} ${long('🔥')}` }),
    ),
    ...overrides,
  });
}

export function aLine(overrides: Partial<ThreadLine> = {}): ThreadLine {
  return { text: 'orders: quorum lost, nobody has acknowledged', mention: [], ...overrides };
}

export function aDestination(overrides: Partial<Destination> = {}): Destination {
  return { id: 'ops', channel: 'slack', address: 'C0000OPS', language: 'en', ...overrides };
}
