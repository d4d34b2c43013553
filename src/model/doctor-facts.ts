import type { Said } from './diagnosis.ts';

/** What the doctor learnt of Slack. */
export interface SlackFacts {
  /** Whom the bot token belongs to. */
  readonly token: Said<{ readonly user: string; readonly team: string }>;
  /** Scopes that were granted, as Slack says with every answer; absent where it did not. */
  readonly granted?: readonly string[];
  /** Scopes that the manifest asks for. */
  readonly wanted: readonly string[];
  readonly wayIn: SlackWayIn;
  readonly channels: readonly SlackChannelFacts[];
  /** People who are to be known by their e-mail, as far as they were asked for. */
  readonly emails: readonly { readonly person: string; readonly answer: Said<boolean> }[];
}

/** How clicks and commands come in. */
export type SlackWayIn =
  | { readonly kind: 'socket'; readonly answer: Said<unknown> }
  | {
      readonly kind: 'http';
      readonly port: number;
      /** What the bot's own port said to a signed question. */
      readonly local: Said<unknown>;
      /** What came of the same question at the public address; absent where there is none. */
      readonly outside?: { readonly url: string; readonly answer: Said<unknown> };
    };

export interface SlackChannelFacts {
  readonly destination: string;
  readonly address: string;
  readonly answer: Said<{
    /** Without `#`; empty for a direct message, and where Slack did not tell. */
    readonly name: string;
    readonly isMember: boolean;
    readonly isArchived: boolean;
    /** Only some may write there. */
    readonly isClosed: boolean;
  }>;
}

/** What the doctor learnt of a DingTalk application. */
export interface DingTalkFacts {
  readonly app: Said<unknown>;
  /** A ticket of the gateway for these topics. */
  readonly stream: Said<{ readonly topics: readonly string[] }>;
  readonly robotCode: string;
  /** Robots of each group, by their code. */
  readonly groups: readonly {
    readonly destination: string;
    readonly answer: Said<{ readonly robots: readonly string[] }>;
  }[];
  /** A card that was made of the template and hangs nowhere; absent where no template is configured. */
  readonly template?: { readonly id: string; readonly answer: Said<unknown> };
}

/** What a custom robot said to a message that cannot be posted. */
export interface RobotFacts {
  readonly destination: string;
  readonly isSigned: boolean;
  readonly hasKeyword: boolean;
  /** `errcode` and what the robot said with it; 0 where it took the message, which it must not. */
  readonly answer: Said<{ readonly errcode: number; readonly errmsg: string }>;
}

/** How far a mail server let the bot in. */
export type MailFacts = {
  readonly host: string;
  readonly port: number;
  readonly hasLogin: boolean;
} & (
  | { readonly reached: 'ready'; readonly isEncrypted: boolean; readonly tookMs: number }
  | { readonly reached: 'nowhere' | 'greeted' | 'encrypted'; readonly reason: string }
);

/** Whether the address of a webhook can be connected to. */
export interface ReachFacts {
  readonly destination: string;
  readonly host: string;
  readonly answer: Said<{ readonly tookMs: number }>;
  /** The certificate is the trouble. */
  readonly isTls: boolean;
}

/** What the doctor learnt of the provider that sends SMS. */
export interface SmsFacts {
  readonly provider: 'Twilio' | 'Aliyun';
  /** Whether it lets the bot in. */
  readonly account: Said<unknown>;
  /** As far as the provider tells. */
  readonly balance?: { readonly amount: number; readonly currency: string };
  /** The number, service or signature that messages come from. */
  readonly sender: {
    readonly name: string;
    readonly answer: Said<'ready' | 'waiting' | 'unknown' | 'unchecked'>;
  };
  readonly templates: readonly {
    readonly code: string;
    readonly answer: Said<'ready' | 'waiting' | 'unknown' | 'other-variables'>;
  }[];
}
