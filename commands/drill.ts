import { type DrillState, recordingNames } from '../src/model/drill.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Reply, ReplyBlock } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';
import { isYes } from './parts/is-yes.ts';

const usage = 'drill, or drill <recording> <ensemble> [--anyway yes], or drill stop <ensemble>';

/** Plays a recorded incident for the people of an ensemble; nothing of it is real. */
export const drill: Command = {
  name: 'drill',
  aliases: ['演练'],
  usage,
  role: 'operator',
  completes: ['text', 'ensemble'],
  async run({ args, options }, desk) {
    const [what, name, ...rest] = args;
    if (what === undefined) return list(await desk.drills(), desk);
    if (name === undefined || rest.length > 0) return refuse('bad-arguments', { usage });
    const ensemble = findEnsemble(desk, name);
    if (isRefusal(ensemble)) return ensemble;
    const denied = desk.permit('operator', ensemble.id);
    if (denied !== undefined) return denied;
    const verb = what.toLowerCase();
    if (stops().includes(verb)) return await stop(ensemble.id, desk);
    const recording = recordingNames.find((each) => each === verb);
    if (recording === undefined)
      return refuse('unknown-recording', { recording: what, known: recordingNames });
    const anyway = isYes(options['anyway']);
    const begun = await desk.startDrill({ recording, ensemble: ensemble.id, anyway });
    if (isRefusal(begun)) return begun;
    return said(words(desk.language).drill.started(recording, ensemble.id, begun.untilMs));
  },
};

/** Words that end one, in either language. */
function stops(): readonly string[] {
  return [words('en').drill.stop, words('zh-CN').drill.stop];
}

async function stop(ensemble: string, desk: Desk): Promise<Reply | Refusal> {
  const ended = await desk.stopDrill(ensemble);
  return isRefusal(ended) ? ended : said(words(desk.language).drill.over(ended));
}

function list(drills: readonly DrillState[], desk: Desk): Reply {
  const all = words(desk.language).drill;
  const lines = drills
    .filter(({ drill: { ensemble } }) => desk.permit('operator', ensemble) === undefined)
    .map(({ drill: { recording, ensemble, started, untilMs }, ended }) =>
      ended === undefined
        ? all.running(recording, ensemble, started.name, untilMs)
        : `${all.last(recording, ensemble, started.atMs)} ${all.over(ended)}`,
    );
  return said(...lines, all.recordings(recordingNames));
}

function said(...lines: readonly string[]): Reply {
  const blocks = lines.map((text): ReplyBlock => ({ kind: 'text', text }));
  return { outcome: 'done', visibility: 'private', blocks };
}
