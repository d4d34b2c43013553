import { describe, expect, it } from 'vitest';
import type { RecoveryAction } from '../../src/model/recovery-action.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { threadLine } from '../../src/rules/card/thread-line.ts';
import { signalsOf } from '../../src/rules/routing/due.ts';
import { anEnsembleSettings, aPerson, aSettings, aStamp, type State } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { anExecutor, aProberOf, aRecovererOf, granted } from '../support/recoverer.ts';

const ids = ['zk1', 'zk2', 'zk3'];
const ben = { ...aStamp(), by: 'ben', name: 'Ben', reason: 'the disk comes first' };
const cleo = { ...aStamp(), by: 'cleo', name: 'Cleo', reason: 'me too' };

/** Two replicas that share what is kept; `onRun` and `onEvidence` happen while the command runs, and right before it. */
function aRoll(
  parts: {
    readonly approvals?: number;
    readonly onRun?: () => Promise<void>;
    readonly onEvidence?: () => Promise<void>;
  } = {},
) {
  const states: Record<string, State> = { zk1: 'leader', zk2: 'follower', zk3: 'follower' };
  const runs: string[] = [];
  const executor = anExecutor(async (server) => {
    runs.push(server.id);
    await parts.onRun?.();
    return undefined;
  });
  const single: RecoveryAction = {
    name: 'restart-server',
    guard: () => ({ kind: 'allow', facts: {} }),
    verified: () => 'yes',
    verifyMs: () => 10_000,
  };
  const roll: RecoveryAction = {
    ...single,
    name: 'rolling-restart',
    next: (_view, done) => ids.find((id) => !done.includes(id)),
  };
  const house = aHouse({
    settings: aSettings({
      people: [
        aPerson(),
        aPerson({ id: 'ben', name: 'Ben' }),
        aPerson({ id: 'cleo', name: 'Cleo' }),
      ],
      ensembles: [
        anEnsembleSettings({
          restart: { kind: 'command', argv: ['true'], timeoutMs: 1000 },
          ...(parts.approvals === undefined
            ? {}
            : { approvals: { needed: { 'rolling-restart': parts.approvals }, withinMs: 600_000 } }),
        }),
      ],
    }),
    executors: [executor],
    prober: aProberOf(states, {
      evidence: async () => {
        await parts.onEvidence?.();
        return {};
      },
    }),
    recoveryActions: [roll, single],
  });
  const { recoverer, later } = aRecovererOf(house);
  const request = async (action = 'rolling-restart', resume?: string) => {
    const server = action === 'rolling-restart' ? '*' : 'zk2';
    const ask = { action, ensemble: 'orders', server, reason: 'new heap size' };
    const resuming = resume === undefined ? {} : { resume };
    return granted(await recoverer.request({ ...ask, ...resuming }, aStamp()));
  };
  const end = async (id: string) => {
    await later(400_000);
    return await house.recoveries.get('orders', id);
  };
  const card = async () => {
    const [incident] = await house.incidents.recent('nightkeeper', 1);
    if (incident === undefined) throw new Error('no card');
    return { ...incidentCard(incident, { language: 'en', settings: house.settings() }), incident };
  };
  return { house, recoverer, request, end, card, runs };
}

describe('stopping a recovery', () => {
  it('does not run what waits for its turn, and frees the ensemble for the next one', async () => {
    const { house, recoverer, request, end, card, runs } = aRoll();
    const asked = await request();

    const stopped = await recoverer.abort(asked.id, ben);
    const done = await end(asked.id);

    expect(stopped).toMatchObject({ how: 'before' });
    expect(done).toMatchObject({ state: 'aborted', outcome: { code: 'stopped' } });
    expect(runs).toEqual([]);
    expect(await house.recoveries.running('orders')).toBeUndefined();
    const { recoveryLine, incident } = await card();
    expect(recoveryLine).toBe(
      'Rolling restart was stopped by Ben before it began: the disk comes first. Nothing was done',
    );
    expect(incident.state).toBe('resolved');
  });

  it('withdraws a request that waits for others, who can agree to it no more', async () => {
    const { recoverer, request, card, runs } = aRoll({ approvals: 1 });
    const asked = await request();

    expect(await recoverer.abort(asked.id, ben)).toMatchObject({ how: 'withdrawn' });

    expect(await recoverer.approve(asked.id, cleo)).toMatchObject({
      code: 'not-awaiting',
      facts: { state: 'aborted' },
    });
    expect((await card()).recoveryLine).toContain('was withdrawn by Ben');
    expect(runs).toEqual([]);
  });

  it('ends a rolling restart after the server in hand, says so, and can be gone on with', async () => {
    const answers: unknown[] = [];
    const { house, recoverer, request, end, card, runs } = aRoll({
      onRun: async () => {
        if (runs.length !== 2) return;
        const id = (await house.recoveries.running('orders')) ?? '';
        // Two people at once: the second one is told of the first.
        answers.push(await recoverer.abort(id, ben), await recoverer.abort(id, cleo));
        const { incident, recoveryLine } = await card();
        answers.push(
          recoveryLine,
          signalsOf(incident, true).map(({ signal }) => signal),
          threadLine(incident, `recovery:${id}:stopping`, {
            language: 'en',
            settings: house.settings(),
            channel: 'slack',
          }).text,
        );
      },
    });
    const asked = await request();

    const done = await end(asked.id);

    expect(runs).toEqual(['zk1', 'zk2']);
    expect(answers[0]).toMatchObject({ how: 'asked' });
    expect(answers[1]).toMatchObject({ code: 'already-stopping', facts: { name: 'Ben' } });
    expect(answers[2]).toContain('Ben stops it: the disk comes first. The server in hand');
    expect(answers[3]).toContain(`recovery:${asked.id}:stopping`);
    expect(answers[4]).toContain('Ben stops it');
    expect(done).toMatchObject({
      state: 'aborted',
      outcome: { code: 'aborted', facts: { name: 'Ben', done: 2, total: 3 } },
      steps: [
        { server: 'zk1', state: 'done' },
        { server: 'zk2', state: 'done' },
      ],
    });
    expect((await card()).recoveryLine).toContain(
      `2 of 3 servers were done, the others were left alone; to go on: recover rolling-restart orders --resume ${asked.id}`,
    );

    await end((await request('rolling-restart', asked.id)).id);
    expect(runs).toEqual(['zk1', 'zk2', 'zk3']);
  });

  it('sends nothing where somebody stops it right before the command', async () => {
    const { house, recoverer, request, end, runs } = aRoll({
      onEvidence: async () => {
        await recoverer.abort((await house.recoveries.running('orders')) ?? '', ben);
      },
    });
    const asked = await request('restart-server');

    const done = await end(asked.id);

    expect(runs).toEqual([]);
    expect(done).toMatchObject({ state: 'aborted', outcome: { facts: { total: 0 } } });
  });

  it('takes no command back that is sent, and tells what became of it', async () => {
    const { house, recoverer, request, end, card, runs } = aRoll({
      onRun: async () => {
        await recoverer.abort((await house.recoveries.running('orders')) ?? '', ben);
        expect((await card()).recoveryLine).toContain('cannot be taken back');
      },
    });
    const asked = await request('restart-server');

    const done = await end(asked.id);

    expect(runs).toEqual(['zk2']);
    expect(done).toMatchObject({ state: 'succeeded' });
    expect(await recoverer.abort(asked.id, cleo)).toMatchObject({
      code: 'nothing-to-stop',
      facts: { state: 'succeeded' },
    });
  });

  it('has a button on the card of a rolling restart until somebody pressed it', async () => {
    const { recoverer, request, card, house } = aRoll({
      onRun: async () => {
        const { buttons } = await card();
        expect(buttons).toMatchObject([
          { id: 'stop', invocation: { command: 'abort', options: { ask: 'yes' } }, form: 'reason' },
        ]);
        await recoverer.abort((await house.recoveries.running('orders')) ?? '', ben);
        expect((await card()).buttons).toEqual([]);
      },
    });
    const asked = await request();
    await house.schedule.start();
    await house.clock.advance(400_000);
    await house.schedule.idle();

    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({ state: 'aborted' });
  });

  it('is written down with who did it and why', async () => {
    const { house, recoverer, request } = aRoll();
    const asked = await request();

    await recoverer.abort(asked.id, ben);

    expect(await house.incidents.audited('orders', 1)).toMatchObject([
      {
        who: 'ben',
        what: 'recovery:aborted',
        why: 'stopped',
        facts: { recovery: asked.id, reason: 'the disk comes first' },
      },
    ]);
  });

  it('knows what it was never told of', async () => {
    const { recoverer } = aRoll();

    expect(await recoverer.abort('r-99', ben)).toMatchObject({ code: 'unknown-recovery' });
  });
});
