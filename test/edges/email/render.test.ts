import { describe, expect, it } from 'vitest';
import { htmlBytesMax, subjectCharsMax } from '../../../src/edges/email/limits.ts';
import { renderCard, renderLine } from '../../../src/edges/email/render.ts';
import { aCard, aLine, anEndlessCard } from '../../support/cards.ts';

describe('a card as a mail', () => {
  it('says the same in both forms', () => {
    const card = aCard({ recoveryLine: 'Restart of zk2 runs now' });

    const { subject, text, html } = renderCard(card);

    expect(subject).toBe('[nightkeeper] orders: quorum lost — 1 of 3 voters serving');
    for (const form of [text, html])
      for (const part of [
        card.title,
        card.meaning,
        card.advice,
        card.stateLine,
        'Restart of zk2 runs now',
        'zk2 refused 10.0.0.2:2181',
        'zk2 is down',
        'zk3 · voter · follower',
        'https://nightkeeper.example/incidents/12',
        'https://runbooks.example/quorum-lost',
      ])
        expect(form).toContain(part);
  });

  it('shows a digest without a number, and its later drawings in the thread of the first', () => {
    const digest = aCard({ incident: 0, title: 'Storm: 95 faults at once, 40 open' });
    const { consoleUrl: _console, ...card } = digest;

    const first = renderCard(card);
    const later = renderCard(
      { ...card, title: 'Storm: 95 faults at once, 0 open' },
      { subject: first.subject, missed: [] },
    );

    expect(first.subject).toBe('[nightkeeper] Storm: 95 faults at once, 40 open');
    expect(later.subject).toBe('Re: [nightkeeper] Storm: 95 faults at once, 40 open');
    expect(later.text).toContain('95 faults at once, 0 open');
    for (const { text } of [first, later]) expect(text).not.toMatch(/#0|\/zk ack 0/u);
  });

  it('says above everything else that it comes late', () => {
    const notice = 'Shown 2 min late: this mail server could <not> be reached';

    const { text, html } = renderCard(aCard({ notice }));

    expect(text).toContain(notice);
    expect(text.indexOf(notice)).toBeLessThan(text.indexOf(aCard().stateLine));
    expect(html).toContain('could &lt;not&gt; be reached');
  });

  it('lets no text become markup', () => {
    const { html } = renderCard(
      aCard({
        title: '<script>alert(1)</script>',
        evidence: ['<img src="https://evil.test/x.png">'],
        consoleUrl: 'https://nightkeeper.example/"onclick="x',
      }),
    );

    expect(html).not.toMatch(/<script|<img|"onclick/u);
    expect(html).toContain('&lt;script&gt;');
  });

  it('loads nothing from outside, and knows a dark ground', () => {
    const { html } = renderCard(aCard());

    expect(html).not.toMatch(/<(?:img|link|iframe|object|video)\b|url\(|@import|src=/u);
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('keeps within what mail programs show, however long the card', () => {
    const { subject, text, html } = renderCard(anEndlessCard());

    expect(Array.from(subject).length).toBeLessThanOrEqual(subjectCharsMax);
    expect(Buffer.byteLength(html)).toBeLessThan(htmlBytesMax);
    expect(Buffer.byteLength(text)).toBeLessThan(htmlBytesMax);
    expect(text).toContain('more');
  });

  it('says how to take it where there is no console to point to', () => {
    const { consoleUrl: _console, ...without } = aCard();

    expect(renderCard(without).text).toContain('/zk ack 12');
    expect(renderCard(aCard()).text).not.toContain('/zk ack 12');
    expect(renderCard({ ...without, tone: 'resolved' }).text).not.toContain('/zk ack 12');
  });

  it('speaks the language of its destination', () => {
    const { text, html } = renderCard(aCard({ language: 'zh-CN' }));

    expect(text).toContain('证据');
    expect(html).toContain('<html lang="zh-CN">');
  });
});

describe('a line as a mail', () => {
  it('comes first, above the card as it is now, under the subject of the first mail', () => {
    const { subject, text, html } = renderLine(
      aCard({ title: 'orders: has a quorum again', tone: 'resolved' }),
      aLine({ text: 'Resolved after 3 min' }),
      { subject: '[nightkeeper] orders: quorum lost', missed: [] },
    );

    expect(subject).toBe('Re: [nightkeeper] orders: quorum lost');
    expect(text.startsWith('Resolved after 3 min\n\norders: has a quorum again')).toBe(true);
    expect(html.indexOf('Resolved after 3 min')).toBeLessThan(html.indexOf('<h1'));
  });

  it('finds a subject where the thread has none', () => {
    const { subject } = renderLine(aCard(), aLine(), { subject: undefined, missed: [] });

    expect(subject).toBe('Re: [nightkeeper] orders: quorum lost — 1 of 3 voters serving');
  });
});
