#!/bin/sh
# Installs Debian packages without letting them start services: apt-install.sh PACKAGE…  Needs root.
# Quiet while all goes well; shows what apt said when it does not.
set -e
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)

# invoke-rc.d asks this file before it starts anything; 101 is "not allowed". One that is there already is somebody's wish.
policy=/usr/sbin/policy-rc.d
own=
tidy() {
  if [ -n "$own" ]; then rm -f "$policy"; fi
  rm -f "$log"
}
trap tidy EXIT
trap 'exit 130' INT TERM HUP
if [ ! -e "$policy" ]; then
  own=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

install() {
  apt-get update -o Acquire::Retries=3 &&
    apt-get install -y --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}
if ! install "$@" >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  exit 1
fi
