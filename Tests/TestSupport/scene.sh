# For Tests/KIND/run: a folder of its own for a cluster and its processes, gone at every end.
# Sets $root, $place and $COINVENT_BIN; leaves nothing of the caller's installation in the way.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$root"
for name in "${!COINVENT_@}"; do
  [[ $name == COINVENT_TEST_* || $name == COINVENT_BIN* ]] || unset "$name"
done
unset DATABASE_URL
export COINVENT_BIN=${COINVENT_BIN:-${COINVENT_BINARY:-$root/.build/release/coinvent}}
if [[ ! -x $COINVENT_BIN ]]; then
  printf '%s is not there: build it with swift build -c release --product coinvent.\n' \
    "$COINVENT_BIN" >&2
  exit 1
fi
place=$(mktemp -d "/tmp/coinvent-${kind:?}-XXXXXX")
chmod 711 "$place"
working=

# scene COMMAND…: runs it in a session of its own, so that leaving ends all of it.
scene() {
  local code=0
  setsid "$@" &
  working=$!
  wait "$working" || code=$?
  return "$code"
}

leave() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  set +e
  if [[ -n $working ]]; then
    kill -KILL -- "-$working" 2>/dev/null
    wait "$working" 2>/dev/null
  fi
  if [[ -d $place/data ]]; then Scripts/cluster stop --data "$place/data" >/dev/null; fi
  rm -rf -- "$place"
  exit "$code"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP
