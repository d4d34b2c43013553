import type { Server } from '../model/ensemble.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { Asked, HostFacts, Survey, SurveyFacts, SurveyPart } from '../model/survey.ts';

/** Asks servers for what changes slowly. Never throws for what a server does: a part that brought nothing says why. */
export interface Surveyor {
  /** Asks for these parts one after the other, over one connection at a time, within `timeoutMs` for all of them. */
  survey(request: {
    readonly settings: EnsembleSettings;
    readonly server: Server;
    readonly parts: readonly SurveyPart[];
    /** What is known already: some questions hang on earlier answers. */
    readonly before: Survey | undefined;
    readonly timeoutMs: number;
  }): Promise<{
    readonly facts: SurveyFacts;
    readonly asked: Readonly<Partial<Record<SurveyPart, Asked>>>;
  }>;
}

/** Looks at the machine of a server. Changes nothing there, and never throws for what it finds. */
export interface HostProbe {
  /** Undefined where no way to the machine is configured. */
  look(
    settings: EnsembleSettings,
    server: Server,
    before: Survey | undefined,
  ): Promise<HostFacts | { readonly failed: string } | undefined>;
}
