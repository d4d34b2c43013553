import { type Diagnosis, type Part, parts } from '../src/model/diagnosis.ts';
import { ownEnsemble } from '../src/model/ensemble.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Reply } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { checkLine, doctorBlocks, doctorData, troubleText } from '../src/rules/card/doctor-card.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';

const usage = 'doctor [ensemble | part | all | click [destination]]';

/** An address as a mail server takes it; what else is wrong with it, the server says. */
const address = /^[^\s@<>]{1,64}@[^\s@<>]{1,190}$/u;

/**
 * Whether everything stands that the bot needs, and what to do where it does not; of one ensemble, looked at afresh, what is not seen.
 * `click` posts a card whose press shows that clicks come back.
 */
export const doctor: Command = {
  name: 'doctor',
  aliases: ['诊断'],
  usage,
  // A press of a test card counts whoever made it; for everything else somebody must be known.
  role: 'everyone',
  completes: ['ensemble'],
  async run({ args, options }, desk) {
    const [what, about, ...more] = args;
    if (what === 'pressed') return await pressed(about ?? '', desk);
    const { actor } = desk.origin;
    if (actor.kind === 'stranger')
      return refuse('stranger', { command: 'doctor', handle: actor.id });
    if (more.length > 0) return refuse('bad-arguments', { usage });
    const to = options['send-to'];
    if (to !== undefined) return await mail(to, desk);
    if (what !== undefined && ['click', '点击'].includes(what)) return await click(about, desk);
    if (what === 'clicks') return await clicks(about ?? '', desk);
    if (about !== undefined) return refuse('bad-arguments', { usage });
    if (what === undefined || ['all', '全部'].includes(what))
      return answer(mine(await desk.examine(), desk), desk, what !== undefined);
    if (isPart(what) && desk.ensemble(what) === undefined) {
      const found = mine(await desk.examine(), desk);
      return answer(
        found.filter(({ part }) => part === what),
        desk,
        true,
      );
    }
    return await ofEnsemble(what, desk);
  },
};

async function ofEnsemble(name: string, desk: Desk): Promise<Reply | Refusal> {
  const ensemble = findEnsemble(desk, name);
  if (isRefusal(ensemble)) return ensemble;
  const denied = desk.permit('viewer', ensemble.id);
  if (denied !== undefined) return denied;
  return answer(await desk.examine(ensemble.id), desk, true);
}

function answer(found: readonly Diagnosis[], desk: Desk, all: boolean): Reply {
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: doctorBlocks(found, desk, all),
    data: doctorData(found, desk.language),
  };
}

/** What is said of an ensemble is for those who may look at it. */
function mine(found: readonly Diagnosis[], desk: Desk): readonly Diagnosis[] {
  const hidden = desk.settings.ensembles
    .filter(({ id }) => desk.permit('viewer', id) !== undefined)
    .map(({ id }) => id);
  return found.filter(({ about }) => !hidden.includes(about.split(' ')[0] ?? ''));
}

async function mail(to: string, desk: Desk): Promise<Reply | Refusal> {
  const denied = desk.permit('admin', ownEnsemble);
  if (denied !== undefined) return denied;
  if (!address.test(to)) return refuse('bad-arguments', { usage });
  return list([await desk.testMail(to)], desk);
}

async function click(destination: string | undefined, desk: Desk): Promise<Reply | Refusal> {
  const denied = desk.permit('operator', ownEnsemble);
  if (denied !== undefined) return denied;
  const { doctor: said } = words(desk.language);
  const round = await desk.postTest(destination);
  if (round === undefined)
    return {
      outcome: 'refused',
      visibility: 'private',
      blocks: [{ kind: 'text', text: said.noChats }],
    };
  const reply = list(round.diagnoses, desk);
  return {
    ...reply,
    blocks: [...reply.blocks, { kind: 'text', text: said.posted(round.id) }],
    data: { ...reply.data, round: round.id },
  };
}

async function clicks(round: string, desk: Desk): Promise<Reply> {
  const found = await desk.testRound(round);
  return found === undefined ? over(desk) : list(found, desk);
}

async function pressed(id: string, desk: Desk): Promise<Reply> {
  const found = await desk.pressTest(id);
  if (found === undefined) return over(desk);
  const said = words(desk.language);
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: [
      { kind: 'text', text: said.doctor.cameBack },
      { kind: 'text', text: checkLine(found, said) },
    ],
    data: doctorData([found], desk.language),
  };
}

function over({ language }: Desk): Reply {
  const text = words(language).doctor.over;
  return { outcome: 'refused', visibility: 'private', blocks: [{ kind: 'text', text }] };
}

function list(found: readonly Diagnosis[], desk: Desk): Reply {
  const said = words(desk.language);
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: found.map((each) => ({ kind: 'text', text: troubleText(each, desk, said) })),
    data: doctorData(found, desk.language),
  };
}

function isPart(word: string): word is Part {
  return parts.some((part) => part === word);
}
