# How the scripts speak: what is being done on stdout, one clear sentence with the mend on stderr.

say() { printf '%s\n' "$*"; }
step() { printf '==> %s\n' "$*"; }

# fail SENTENCE [MEND]
fail() {
  printf '%s: %s\n' "${script:-coinvent}" "$1" >&2
  [[ -z ${2:-} ]] || printf '  %s\n' "$2" >&2
  exit 1
}

# usage SENTENCE: a wrong command line.
usage() {
  printf '%s: %s\n  See: Scripts/%s --help\n' "$script" "$1" "$script" >&2
  exit 2
}

# waiting COMMAND…: runs it in a session of its own and waits, so that a signal to the script is
# served at once and `stop_waiting` can end the command with everything it started.
running_now=
waiting() {
  local code=0
  setsid "$@" 9>&- &
  running_now=$!
  wait "$running_now" || code=$?
  running_now=
  return "$code"
}

stop_waiting() {
  [[ -n $running_now ]] || return 0
  kill -TERM -- "-$running_now" 2>/dev/null || true
  wait "$running_now" 2>/dev/null || true
  running_now=
}
