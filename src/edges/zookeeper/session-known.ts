/** A session that stands already: its number, and the password its server gave it. */
export interface KnownSession {
  /** `0x…` */
  readonly id: string;
  /** 16 bytes. */
  readonly password: Buffer;
}
