/** What the help says of the command that recovers. */
export const recoverEn = {
  about:
    'Restarts, resyncs, purges, adds or removes servers, or runs a named command, after showing the plan and what it does to the quorum.',
  examples: [
    'recover orders zk2',
    'recover restart-server orders zk2 --reason "hung since 3" --confirm yes',
    'recover rolling-restart orders',
    'recover move-leader orders',
    'recover resync-server orders zk2 --dry-run',
    'recover purge-snapshots orders zk2 --keep 5',
    'recover add-member orders 4=10.0.0.4:2888:3888:participant;10.0.0.4:2181',
    'recover remove-member orders zk3',
    'recover kill-session orders 0x1000011cf1b0003',
    'recover drop-connection orders 0x1000011cf1b0003',
    'recover run-command orders zk2 threaddump',
  ],
};
