/** An account of a chat that belongs to a configured person, because that person said so. */
export interface AccountLink {
  /** `slack` */
  readonly via: string;
  /** Their id in that chat. */
  readonly handle: string;
  /** As the chat shows them. */
  readonly name: string;
  /** The configured person. */
  readonly person: string;
  readonly atMs: number;
}

/** Keeps which accounts belong to whom, beside those of the configuration. A person has one account in each chat. */
export interface AccountLinks {
  /** `taken` when the account belongs to somebody, or the person has another one there. */
  add(link: AccountLink): Promise<'added' | 'taken'>;
  find(via: string, handle: string): Promise<AccountLink | undefined>;
  /** False when there was none. */
  remove(via: string, handle: string): Promise<boolean>;
  /** All of them, the newest last. */
  list(): Promise<readonly AccountLink[]>;
}
