import { type EnsembleId, ownEnsemble, type ServerId } from '../../src/model/ensemble.ts';
import type { Incident } from '../../src/model/incident.ts';
import { type Refusal, refuse } from '../../src/model/refusal.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import type { Desk } from '../../src/ports/command.ts';
import { choices } from './closest.ts';

export function isRefusal(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refusal';
}

/** The ensemble a person names, in any case of letters. */
export function findEnsemble(desk: Desk, name: string): EnsembleSettings | Refusal {
  const id = name.toLowerCase();
  const known = desk.settings.ensembles.map((ensemble) => ensemble.id);
  return desk.ensemble(id) ?? refuse('unknown-ensemble', { ensemble: name, ...choices(id, known) });
}

/** One ensemble, or all of them: `*`. */
export function findScope(desk: Desk, name: string): string | Refusal {
  if (['*', 'all', '全部'].includes(name.toLowerCase())) return '*';
  const found = findEnsemble(desk, name);
  return isRefusal(found) ? found : found.id;
}

/** What can have incidents: an ensemble, or the bot itself. */
export function findOwner(desk: Desk, name: string): { readonly id: EnsembleId } | Refusal {
  return name.toLowerCase() === ownEnsemble ? { id: ownEnsemble } : findEnsemble(desk, name);
}

/** The server a person names: one of the configuration, or one the ensemble told of. */
export async function findServer(
  desk: Desk,
  ensemble: EnsembleSettings,
  name: string,
): Promise<{ readonly id: ServerId } | Refusal> {
  const status = await desk.status(ensemble.id);
  const known = [
    ...new Set([
      ...ensemble.servers.map((server) => server.id),
      ...(status?.grid ?? []).map((cell) => cell.server),
    ]),
  ];
  const id = known.find((each) => each.toLowerCase() === name.toLowerCase());
  return id === undefined
    ? refuse('unknown-server', {
        ensemble: ensemble.id,
        server: name,
        ...choices(name, known),
      })
    : { id };
}

/**
 * The incident a person means: `12`, `#12`, or an ensemble in which exactly one is open. Without an argument, or with more than one,
 * it answers how the command is written.
 */
export async function findIncident(
  desk: Desk,
  args: readonly string[],
  usage: string,
): Promise<Incident | Refusal> {
  const [name] = args;
  if (name === undefined || args.length > 1) return refuse('bad-arguments', { usage });
  const number = /^[#＃]?(\d{1,9})$/u.exec(name)?.[1];
  if (number !== undefined) {
    const incident = await desk.incident(Number(number));
    return incident ?? refuse('unknown-incident', { incident: Number(number) });
  }
  const ensemble = findOwner(desk, name);
  if (isRefusal(ensemble)) return ensemble;
  const open = await desk.openIncidents(ensemble.id);
  if (open.length > 1)
    return refuse('ambiguous-incident', {
      ensemble: ensemble.id,
      incidents: open.map((incident) => `#${incident.id}`),
    });
  return open[0] ?? refuse('unknown-incident', { ensemble: ensemble.id });
}
