import { abort } from '../../commands/abort.ts';
import { ack } from '../../commands/ack.ts';
import { approve } from '../../commands/approve.ts';
import { audit } from '../../commands/audit.ts';
import { auto } from '../../commands/auto.ts';
import { backup } from '../../commands/backup.ts';
import { backups } from '../../commands/backups.ts';
import { chart } from '../../commands/chart.ts';
import { doctor } from '../../commands/doctor.ts';
import { drill } from '../../commands/drill.ts';
import { escalate } from '../../commands/escalate.ts';
import { evidence } from '../../commands/evidence.ts';
import { exportIncident } from '../../commands/export.ts';
import { freeze } from '../../commands/freeze.ts';
import { help } from '../../commands/help.ts';
import { incidents } from '../../commands/incidents.ts';
import { note } from '../../commands/note.ts';
import { oncall } from '../../commands/oncall.ts';
import { recover } from '../../commands/recover.ts';
import { reject } from '../../commands/reject.ts';
import { resolve } from '../../commands/resolve.ts';
import { show } from '../../commands/show.ts';
import { silence } from '../../commands/silence.ts';
import { silences } from '../../commands/silences.ts';
import { status } from '../../commands/status.ts';
import { unack } from '../../commands/unack.ts';
import { unfreeze } from '../../commands/unfreeze.ts';
import { unlink } from '../../commands/unlink.ts';
import { unsilence } from '../../commands/unsilence.ts';
import { commandExecutor } from '../edges/executors/command.ts';
import { dockerExecutor } from '../edges/executors/docker.ts';
import { kubernetesExecutor } from '../edges/executors/kubernetes.ts';
import { sshExecutor } from '../edges/executors/ssh.ts';
import type { Detector } from '../model/finding.ts';
import type { RecoveryAction } from '../model/recovery-action.ts';
import type { Command } from '../ports/command.ts';
import type { Executor } from '../ports/executor.ts';
import { adminSurfaceExposed } from '../rules/detect/admin-surface-exposed.ts';
import { authFailures } from '../rules/detect/auth-failures.ts';
import { botPartitioned } from '../rules/detect/bot-partitioned.ts';
import { canaryFailed } from '../rules/detect/canary-failed.ts';
import { clockSkew } from '../rules/detect/clock-skew.ts';
import { configParamDrift } from '../rules/detect/config-param-drift.ts';
import { connectionImbalance } from '../rules/detect/connection-imbalance.ts';
import { connectionLimitHit } from '../rules/detect/connection-limit-hit.ts';
import { dataSize } from '../rules/detect/data-size.ts';
import { digestMismatch } from '../rules/detect/digest-mismatch.ts';
import { diskFullEta } from '../rules/detect/disk-full-eta.ts';
import { diskFullNow } from '../rules/detect/disk-full-now.ts';
import { electing } from '../rules/detect/electing.ts';
import { electionChurn } from '../rules/detect/election-churn.ts';
import { ephemeralFlapping } from '../rules/detect/ephemeral-flapping.ts';
import { epochMismatch } from '../rules/detect/epoch-mismatch.ts';
import { fdExhaustion } from '../rules/detect/fd-exhaustion.ts';
import { followerLag } from '../rules/detect/follower-lag.ts';
import { followerLinkSlow } from '../rules/detect/follower-link-slow.ts';
import { fsyncSlow } from '../rules/detect/fsync-slow.ts';
import { heapPressure } from '../rules/detect/heap-pressure.ts';
import { jvmPause } from '../rules/detect/jvm-pause.ts';
import { latencyDegraded } from '../rules/detect/latency-degraded.ts';
import { latencyHigh } from '../rules/detect/latency-high.ts';
import { leaderUnresponsive } from '../rules/detect/leader-unresponsive.ts';
import { memberAcceptStarved } from '../rules/detect/member-accept-starved.ts';
import { memberCrashLoop } from '../rules/detect/member-crash-loop.ts';
import { memberDown } from '../rules/detect/member-down.ts';
import { memberHung } from '../rules/detect/member-hung.ts';
import { memberNotServing } from '../rules/detect/member-not-serving.ts';
import { memberRejoinLoop } from '../rules/detect/member-rejoin-loop.ts';
import { memberRestarted } from '../rules/detect/member-restarted.ts';
import { memberUnreachable } from '../rules/detect/member-unreachable.ts';
import { membershipDrift } from '../rules/detect/membership-drift.ts';
import { myidMismatch } from '../rules/detect/myid-mismatch.ts';
import { nodeTooBig } from '../rules/detect/node-too-big.ts';
import { observerDown } from '../rules/detect/observer-down.ts';
import { overload } from '../rules/detect/overload.ts';
import { peerMeshBroken } from '../rules/detect/peer-mesh-broken.ts';
import { pendingSyncs } from '../rules/detect/pending-syncs.ts';
import { probeDegraded } from '../rules/detect/probe-degraded.ts';
import { quorumAtRisk } from '../rules/detect/quorum-at-risk.ts';
import { quorumLost } from '../rules/detect/quorum-lost.ts';
import { quotaExceeded } from '../rules/detect/quota-exceeded.ts';
import { readOnlyMode } from '../rules/detect/read-only-mode.ts';
import { rollingRestart } from '../rules/detect/rolling-restart.ts';
import { sessionConcentration } from '../rules/detect/session-concentration.ts';
import { sessionExpiryStorm } from '../rules/detect/session-expiry-storm.ts';
import { slowElection } from '../rules/detect/slow-election.ts';
import { snapshotSyncStorm } from '../rules/detect/snapshot-sync-storm.ts';
import { snapshotTooBigToSync } from '../rules/detect/snapshot-too-big-to-sync.ts';
import { staleLeader } from '../rules/detect/stale-leader.ts';
import { standaloneInEnsemble } from '../rules/detect/standalone-in-ensemble.ts';
import { tlsCertExpiry } from '../rules/detect/tls-cert-expiry.ts';
import { tlsHandshakeFailures } from '../rules/detect/tls-handshake-failures.ts';
import { twoLeaders } from '../rules/detect/two-leaders.ts';
import { unpurgedSnapshots } from '../rules/detect/unpurged-snapshots.ts';
import { unsyncedFollower } from '../rules/detect/unsynced-follower.ts';
import { versionSkew } from '../rules/detect/version-skew.ts';
import { watchLeak } from '../rules/detect/watch-leak.ts';
import { writeRateAnomaly } from '../rules/detect/write-rate-anomaly.ts';
import { znodeCountDivergence } from '../rules/detect/znode-count-divergence.ts';
import { znodeGrowth } from '../rules/detect/znode-growth.ts';
import { zxidRegression } from '../rules/detect/zxid-regression.ts';
import { zxidRolloverEta } from '../rules/detect/zxid-rollover-eta.ts';
import { addMember } from '../rules/guard/add-member.ts';
import { dropConnection } from '../rules/guard/drop-connection.ts';
import { killSession } from '../rules/guard/kill-session.ts';
import { moveLeader } from '../rules/guard/move-leader.ts';
import { purgeSnapshots } from '../rules/guard/purge-snapshots.ts';
import { removeMember } from '../rules/guard/remove-member.ts';
import { restartServer } from '../rules/guard/restart-server.ts';
import { resyncServer } from '../rules/guard/resync-server.ts';
import { restartInTurn } from '../rules/guard/rolling-restart.ts';
import { runNamed } from '../rules/guard/run-command.ts';

/** Every fault the bot recognises. A new detector is its own file and one line here. */
export const detectors: readonly Detector[] = [
  botPartitioned,
  quorumLost,
  electing,
  rollingRestart,
  slowElection,
  twoLeaders,
  staleLeader,
  electionChurn,
  leaderUnresponsive,
  memberDown,
  memberUnreachable,
  memberHung,
  memberAcceptStarved,
  memberNotServing,
  memberRejoinLoop,
  memberCrashLoop,
  memberRestarted,
  readOnlyMode,
  standaloneInEnsemble,
  observerDown,
  quorumAtRisk,
  unsyncedFollower,
  followerLinkSlow,
  followerLag,
  peerMeshBroken,
  canaryFailed,
  latencyHigh,
  fsyncSlow,
  jvmPause,
  overload,
  sessionExpiryStorm,
  ephemeralFlapping,
  latencyDegraded,
  pendingSyncs,
  watchLeak,
  znodeGrowth,
  dataSize,
  connectionImbalance,
  zxidRolloverEta,
  writeRateAnomaly,
  snapshotSyncStorm,
  adminSurfaceExposed,
  authFailures,
  clockSkew,
  configParamDrift,
  connectionLimitHit,
  digestMismatch,
  diskFullEta,
  diskFullNow,
  epochMismatch,
  fdExhaustion,
  heapPressure,
  membershipDrift,
  myidMismatch,
  nodeTooBig,
  quotaExceeded,
  sessionConcentration,
  snapshotTooBigToSync,
  tlsCertExpiry,
  tlsHandshakeFailures,
  unpurgedSnapshots,
  versionSkew,
  znodeCountDivergence,
  zxidRegression,
  probeDegraded,
];

/** Every word of the chat line. A new command is its own file in `commands/` and one line here. */
export const commands: readonly Command[] = [
  status,
  incidents,
  show,
  ack,
  unack,
  escalate,
  note,
  resolve,
  oncall,
  silence,
  unsilence,
  freeze,
  unfreeze,
  silences,
  recover,
  approve,
  abort,
  auto,
  drill,
  doctor,
  evidence,
  reject,
  audit,
  unlink,
  backup,
  backups,
  exportIncident,
  chart,
  help,
];

/** Every recovery. A new one is its own file in `rules/guard/` and one line here. */
export const recoveryActions: readonly RecoveryAction[] = [
  restartServer,
  restartInTurn,
  moveLeader,
  resyncServer,
  purgeSnapshots,
  addMember,
  removeMember,
  runNamed,
  killSession,
  dropConnection,
];

/** Every way to reach a machine. A new one is its own file in `edges/executors/` and one line here. */
export const executors: readonly Executor[] = [
  commandExecutor,
  sshExecutor,
  dockerExecutor,
  kubernetesExecutor,
];

/** Every way to people. A new one is its own folder in `edges/`, one line here and one in `chats.ts`. */
export const channels = [
  'console',
  'dingtalk',
  'dingtalkRobot',
  'email',
  'slack',
  'sms',
  'webhook',
] as const;

/** The thresholds a configuration may override, by detector, with their defaults. */
export const detectorThresholds: Readonly<Record<string, Readonly<Record<string, number>>>> =
  Object.fromEntries(detectors.map(({ name, thresholds }) => [name, thresholds]));
