/** Where to look on a machine; what is absent the script finds by itself, or leaves out. */
export interface HostHints {
  readonly clientPort: number;
  readonly electionPort?: number;
  readonly dataDir?: string;
  readonly dataLogDir?: string;
  readonly pidFile?: string;
  readonly configFile?: string;
  readonly logFile?: string;
}

/** Bytes of the log that are looked through. */
const logBytes = 262_144;

/** Lines of the log older than this (seconds) are old news: the last look has seen them. */
const logSeconds = 90;

/**
 * The script that looks at a machine, read by `sh` from its standard input: so no quoting of ssh or of a container can break it. It
 * reads and prints, and writes nothing anywhere. Every line is `key=value`; what it may not read it names in a `gap=` line. POSIX sh,
 * with df, awk, ls, wc, tail and /proc of Linux.
 */
export function hostScript(hints: HostHints): string {
  const variables = {
    port: hints.clientPort,
    eport: hints.electionPort ?? '',
    data: hints.dataDir ?? '',
    logdir: hints.dataLogDir ?? '',
    pidfile: hints.pidFile ?? '',
    cfg: hints.configFile ?? '',
    log: hints.logFile ?? '',
    logbytes: logBytes,
    logseconds: logSeconds,
  };
  const head = Object.entries(variables).map(([name, value]) => `${name}=${quoted(String(value))}`);
  return `${head.join('\n')}\n${body}\n`;
}

/** A word for the shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** For the braces of the shell, which would be those of the template. */
const dollar = '$';

const body = String.raw`
export LC_ALL=C
echo nightkeeper=1
now=$(date +%s); echo now=$now

# --- the process: by its file, else by what listens on the client port, else the only ZooKeeper there is
pid=; found=; many=
if [ -n "$pidfile" ]; then
  if [ -r "$pidfile" ]; then pid=$(head -c 20 "$pidfile" | tr -dc 0-9); else echo "gap=pidFile $pidfile cannot be read"; fi
  [ -n "$pid" ] && [ ! -d "/proc/$pid" ] && pid=
else
  netns=$(readlink /proc/self/ns/net 2>/dev/null)
  hex=$(printf %04X "$port")
  inode=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v p=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == p { print $10; exit }')
  for file in $(grep -l 'org\.apache\.zookeeper\.server\.' /proc/[0-9]*/cmdline 2>/dev/null); do
    dir=${dollar}{file%/cmdline}
    one=${dollar}{dir#/proc/}
    theirs=$(readlink "$dir/ns/net" 2>/dev/null)
    [ -n "$theirs" ] && [ -n "$netns" ] && [ "$theirs" != "$netns" ] && continue
    if [ -n "$cfg" ] && tr '\0' '\n' <"$dir/cmdline" 2>/dev/null | grep -qxF "$cfg"; then pid=$one; break; fi
    if [ -n "$inode" ] && ls -l "$dir/fd" 2>/dev/null | grep -q "socket:\[$inode\]"; then pid=$one; break; fi
    [ -n "$found" ] && many=1
    found=$one
  done
  [ -z "$pid" ] && [ -z "$many" ] && pid=$found
  [ -z "$pid" ] && [ -n "$many" ] && echo "gap=process: several ZooKeeper processes, pidFile would tell which"
fi
if [ -n "$pid" ]; then
  echo pid=$pid
  hz=$(getconf CLK_TCK 2>/dev/null || echo 100)
  boot=$(awk '$1 == "btime" { print $2 }' /proc/stat 2>/dev/null)
  # The name in brackets may hold blanks: what counts comes after it.
  sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null | awk -v hz="$hz" -v boot="$boot" '{ print "state=" $1; if (boot) printf "started=%.0f\n", (boot + $20 / hz) * 1000 }'
  awk '/^Max open files/ { print "fd.max=" $4 }' "/proc/$pid/limits" 2>/dev/null || echo "gap=limits: not permitted"
  if ls "/proc/$pid/fd" >/dev/null 2>&1; then echo fd.open=$(ls "/proc/$pid/fd" | wc -l); else echo "gap=descriptors: /proc/$pid/fd may not be read by $(id -un 2>/dev/null)"; fi
  if [ -z "$log" ]; then
    dir=$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | sed -n 's/^-Dzookeeper\.log\.dir=//p' | tail -n 1)
    file=$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | sed -n 's/^-Dzookeeper\.log\.file=//p' | tail -n 1)
    [ -n "$dir" ] && [ -n "$file" ] && log=$dir/$file
  fi
  if [ -z "$cfg" ]; then cfg=$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep '\.cfg$' | tail -n 1); fi
fi

# --- the configuration file: only names that hold no secret
if [ -n "$cfg" ]; then
  if [ -r "$cfg" ]; then
    awk 'length($0) < 500 && /^[ \t]*(server\.[0-9]+|tickTime|initLimit|syncLimit|maxClientCnxns|minSessionTimeout|maxSessionTimeout|peerType|autopurge\.snapRetainCount|autopurge\.purgeInterval|snapCount|preAllocSize|jute\.maxbuffer|standaloneEnabled|reconfigEnabled|sslQuorum|admin\.portUnification|admin\.forceHttps|globalOutstandingLimit|dataDir|dataLogDir|dynamicConfigFile|4lw\.commands\.whitelist)[ \t]*=/ { gsub(/[ \t\r]/, ""); print "cfg." $0 }' "$cfg" | head -n 80
    dynamic=$(sed -n 's/^[ \t]*dynamicConfigFile[ \t]*=[ \t]*//p' "$cfg" | tr -d '\r' | tail -n 1)
    [ -n "$dynamic" ] && [ -r "$dynamic" ] && awk 'length($0) < 500 && /^[ \t]*server\.[0-9]+[ \t]*=/ { gsub(/[ \t\r]/, ""); print "cfg." $0 }' "$dynamic" | head -n 40
    [ -z "$data" ] && data=$(sed -n 's/^[ \t]*dataDir[ \t]*=[ \t]*//p' "$cfg" | tr -d '\r' | tail -n 1)
    [ -z "$logdir" ] && logdir=$(sed -n 's/^[ \t]*dataLogDir[ \t]*=[ \t]*//p' "$cfg" | tr -d '\r' | tail -n 1)
  else echo "gap=configFile $cfg cannot be read"; fi
fi
data=${dollar}{data%/}; data=${dollar}{data%/version-2}; logdir=${dollar}{logdir%/}; logdir=${dollar}{logdir%/version-2}
[ -z "$logdir" ] && logdir=$data

# --- disks
disk() {
  [ -n "$2" ] || { echo "gap=$1: where it is, is not known"; return; }
  df -Pk "$2" 2>/dev/null | awk -v what="$1" -v path="$2" 'NR == 2 && $2 ~ /^[0-9]+$/ { print "disk." what ".path=" path; printf "disk.%s.total=%.0f\n", what, $2 * 1024; printf "disk.%s.free=%.0f\n", what, $4 * 1024; print "disk." what ".mount=" $6; ok = 1 } END { if (!ok) print "gap=" what ": df cannot see " path }'
  df -Pi "$2" 2>/dev/null | awk -v what="$1" 'NR == 2 && $2 ~ /^[0-9]+$/ && $2 > 0 { print "disk." what ".inodes=" $2; print "disk." what ".inodesfree=" $4 }'
}
disk dataDir "$data"
[ "$logdir" = "$data" ] || disk dataLogDir "$logdir"

# --- files
files() {
  [ -n "$2" ] || return
  if [ -r "$2/version-2" ]; then
    ls -ln "$2/version-2" | awk -v what="$1" -v prefix="$3." 'index($NF, prefix) == 1 { n++; all += $5; hex = substr($NF, length(prefix) + 1); key = sprintf("%16s", hex); if (key > top) { top = key; size = $5 } } END { printf "%s.count=%d\n", what, n; if (n) { printf "%s.newest=%.0f\n%s.total=%.0f\n", what, size, what, all } }'
  else echo "gap=$1: $2/version-2 cannot be read"; fi
}
files snapshots "$data" snapshot
files logs "$logdir" log
number() { [ -r "$2" ] && echo "$1=$(head -c 20 "$2" | tr -dc 0-9)"; }
if [ -n "$data" ]; then
  number myid "$data/myid"
  number epoch.current "$data/version-2/currentEpoch"
  number epoch.accepted "$data/version-2/acceptedEpoch"
fi

# --- links between the servers: the election port, ours or theirs
ports=$eport
[ -n "$cfg" ] && [ -r "$cfg" ] && ports="$ports $(sed -n 's/^[ \t]*server\.[0-9]*[ \t]*=[^:]*:[0-9]*:\([0-9]*\).*/\1/p' "$cfg" | tr '\n' ' ')"
if [ -n "$(echo $ports)" ]; then
  want=
  for one in $ports; do want="$want :$(printf %04X "$one")"; done
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v want="$want" 'BEGIN { n = split(want, w, " ") } $4 ~ /^[0-9A-F][0-9A-F]$/ && $4 != "0A" { for (i = 1; i <= n; i++) if (substr($2, length($2) - 4) == w[i] || substr($3, length($3) - 4) == w[i]) { print "peer=" $2 " " $3 " " $4; break } }' | sort -u | head -n 40
fi

# --- the end of the log
if [ -n "$log" ]; then
  if [ -r "$log" ]; then
    echo "log=$log"
    since=$(date -d "@$((now - logseconds))" '+%Y-%m-%d %H:%M:%S' 2>/dev/null)
    tail -c "$logbytes" "$log" | awk -v since="$since" '
      # In brackets stands the thread, with the address of the server itself.
      function address(text) { while (gsub(/\[[^][]*\]/, "", text)); if (!match(text, /\/?[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/)) return ""; text = substr(text, RSTART, RLENGTH); sub(/^\//, "", text); return text }
      function hit(kind, from) { count[kind]++; line[kind] = substr($0, 1, 160); if (from == "") from = address($0); if (from != "" && ++addresses[kind " " from] == 1 && seen[kind]++ < 5) list[kind] = list[kind] " " from }
      /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] / { when = substr($0, 1, 19) }
      since != "" && when != "" && when < since { next }
      /Too many open files/ { hit("too-many-open-files") }
      /No space left on device/ { hit("no-space-left") }
      /Len error|Packet len|Unreasonable length/ { hit("len-error") }
      /BindException|Address already in use/ { hit("bind-exception") }
      /Too many connections from/ { hit("too-many-connections") }
      /failed to SASL authenticate/ { hit("auth-failed", address($0)) }
      # Who it was stands in a line of its own, before: it is there where the level is INFO.
      /got auth packet/ { auth = address($0) }
      /[Aa]uthentication failed|[Aa]uth failed|Failed to authenticate|No authentication provider for scheme|saslServer is null/ { hit("auth-failed", auth) }
      /SSLHandshakeException|Unsuccessful handshake|NotSslRecordException|not an SSL\/TLS record/ { hit("tls-handshake-failed") }
      /OutOfMemoryError/ { hit("out-of-memory") }
      /Cannot open channel to/ { hit("cannot-open-channel") }
      /fsync-ing the write ahead log/ { hit("fsync-slow") }
      END { for (k in count) { print "hint." k "=" count[k]; print "hint." k ".line=" line[k]; n = split(list[k], some, " "); for (i = 1; i <= n; i++) print "hint." k ".address=" some[i] " " addresses[k " " some[i]] } }'
  else echo "gap=logFile $log cannot be read"; fi
fi
echo end=1`;
