/** What recoveries that do more than restart need to know of the machines of an ensemble. */
export interface ToolSettings {
  /** Where a server keeps its data, with `{server}` and the like to fill in; as the server itself says where absent. */
  readonly dataDir?: string;
  readonly logDir?: string;
  /** Runs `zkCli.sh` connected to `{host}:{port}`: it reads what to do from its standard input. */
  readonly zkCli?: readonly string[];
  /** `user:password` of somebody who may reconfigure; secret, and given to `zkCli.sh` through its standard input. */
  readonly zkAuth?: string;
  /** ZooKeeper's own purge, with `{dataDir}`, `{logDir}` and `{keep}` to fill in; absent: files are removed one by one. */
  readonly purge?: readonly string[];
  /** Commands a person may run beside a server, by name. */
  readonly commands?: Readonly<Record<string, NamedCommand>>;
}

/** A command of the configuration: what runs, who may, and what is asked first. */
export interface NamedCommand {
  readonly argv: readonly string[];
  readonly about?: string;
  readonly role: 'operator' | 'admin';
  /** `quorum`: only where the server could be taken down as well; `none`: always. */
  readonly guard: 'none' | 'quorum';
  /** Other people who must agree; as the ensemble says for `run-command` where absent. */
  readonly approvals?: number;
  readonly timeoutMs?: number;
}
