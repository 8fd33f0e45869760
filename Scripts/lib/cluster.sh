# The embedded PostgreSQL cluster of a data folder. Needs say.sh and packages.sh.
#
# DATA/cluster   where it is and how to reach it (read by every coinvent command)
# DATA/pg        the cluster itself, or in /var/lib/coinvent/HASH when its user cannot reach DATA
# DATA/run       its unix socket, or a folder below /tmp when the path would be too long
#
# It listens on the unix socket alone, whose folder only its user and root may enter; whoever
# gets there is trusted.

# open_data DIR: finds the data folder and sets $data (absolute).
open_data() {
  [[ -n $1 ]] || fail "the data folder's name is empty." "Give one with --data DIR."
  [[ -d $1 ]] || fail "$1 is not a folder." "Choose another with --data DIR."
  data=$(cd -- "$1" 2>/dev/null && pwd -P) ||
    fail "you may not enter the data folder $1." "Run as its owner, or choose --data DIR."
}

# make_data DIR: the same for a folder that may be missing and must be writable.
make_data() {
  if [[ -n $1 && ! -e $1 ]]; then
    (umask 022 && mkdir -p -- "$1") 2>/dev/null ||
      fail "the data folder $1 cannot be made: its parent is read-only for $(id -un)." \
        "Choose another folder with --data DIR, or give yourself the right to write there."
    chmod "$( ((EUID == 0)) && printf 711 || printf 700)" -- "$1"
  fi
  open_data "$1"
  # PostgreSQL's pg_ctl hands its paths to a shell.
  [[ $data != *[\"\$\`\\$'\n']* ]] ||
    fail "the data folder's path holds a character that PostgreSQL cannot start from." \
      "Choose a folder without quotes, dollar signs and backslashes with --data DIR."
  if ! (: >"$data/.writable") 2>/dev/null; then
    fail "the data folder $data is read-only for $(id -un)." \
      "Make it writable (owner: $(stat -c %U "$data")), or choose another with --data DIR."
  fi
  rm -f -- "$data/.writable"
}

# locate_cluster: sets the cluster's user and folders for $data.
locate_cluster() {
  choose_user
  choose_folders
}

# PostgreSQL refuses to run as root: then it runs as postgres, which Debian's package makes. A
# cluster that is there already stays with its owner.
choose_user() {
  cluster_user=$(id -un)
  ((EUID == 0)) || return 0
  cluster_user=postgres
  if [[ -e $data/pg ]]; then cluster_user=$(stat -c %U "$data/pg"); fi
  id "$cluster_user" >/dev/null 2>&1 ||
    useradd --system --home-dir / --shell /usr/sbin/nologin "$cluster_user"
}

# as_cluster COMMAND…: runs it as the cluster's user, in a folder that everybody can enter.
as_cluster() {
  if ((EUID == 0)); then
    (cd / && exec setpriv --reuid="$cluster_user" --regid="$(id -g "$cluster_user")" \
      --init-groups env HOME=/ "$@")
  else
    (cd / && exec "$@")
  fi
}

# recorded KEY: what the cluster file says.
recorded() {
  if [[ -r $data/cluster ]]; then sed -n "s/^$1 = //p" "$data/cluster"; fi
}

choose_folders() {
  local hash
  hash=$(printf %s "$data" | cksum | cut -d' ' -f1)
  cluster_port=$((20000 + hash % 20000))
  cluster_home=$data
  if [[ ! -e $data/pg ]]; then
    local before
    before=$(recorded folder)
    if [[ $before == /var/lib/coinvent/* && -e $before ]]; then
      cluster_home=${before%/pg}
    elif ! as_cluster test -x "$data"; then
      cluster_home=/var/lib/coinvent/$hash
    fi
  fi
  pgdata=$cluster_home/pg
  socket_folder=$cluster_home/run
  # A unix socket's path may have 107 bytes; the name in the folder takes up to 17 of them.
  if (($(printf %s "$socket_folder" | LC_ALL=C wc -c) > 90)); then
    socket_folder=$(recorded socket)
    [[ $socket_folder == /tmp/coinvent-* && -O $socket_folder ]] ||
      ( ((EUID == 0)) && [[ $(stat -c %U "$socket_folder" 2>/dev/null) == "$cluster_user" ]]) ||
      socket_folder=
  fi
}

make_folders() {
  if [[ $cluster_home != "$data" ]]; then
    say "    $cluster_user cannot reach $data, so the cluster itself is in $cluster_home."
    if [[ -e $pgdata && ! -e $data/cluster ]]; then
      say "    It is there from before; for a fresh one stop, and remove $cluster_home."
    fi
    mkdir -p -- "$cluster_home" && chmod 711 /var/lib/coinvent "$cluster_home"
  fi
  if [[ -z $socket_folder ]]; then
    socket_folder=$(mktemp -d /tmp/coinvent-XXXXXXXX)
    say "    The path of $data is too long for a socket, so that is in $socket_folder."
  fi
  mkdir -p -- "$socket_folder" && chmod 700 -- "$socket_folder"
  own "$socket_folder"
}

own() {
  if ((EUID == 0)); then chown -- "$cluster_user:" "$1"; fi
}

# make_cluster: initdb in a folder aside, which takes its place only when it is whole.
make_cluster() {
  local half=$cluster_home/pg.half
  if [[ -e $half ]]; then
    say "    Removing $half: making the cluster was interrupted earlier; it holds nothing yet."
    rm -rf -- "$half"
  fi
  step "Making a PostgreSQL cluster in $pgdata (as $cluster_user)"
  mkdir -m 700 -- "$half"
  own "$half"
  as_cluster "$postgres_bin/initdb" --pgdata="$half" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions >"$data/initdb.log" 2>&1 ||
    fail "initdb failed: $(tail -1 "$data/initdb.log")" "The whole story is in $data/initdb.log."
  mv -- "$half" "$pgdata"
}

check_cluster() {
  local made_by
  if [[ ! -e $pgdata ]]; then
    make_cluster
    return 0
  fi
  [[ -s $pgdata/PG_VERSION && -s $pgdata/global/pg_control ]] ||
    fail "$pgdata is half-made: it is no complete PostgreSQL cluster." \
      "If it holds nothing you need, remove it (rm -rf '$pgdata') and start again."
  local owner
  owner=$(stat -c %U "$pgdata")
  if [[ $owner != "$cluster_user" ]] || { ((EUID == 0)) && [[ $owner != postgres ]]; }; then
    fail "the cluster in $pgdata belongs to $owner, and you are $(id -un)." \
      "Start as $owner, or choose another folder with --data DIR."
  fi
  made_by=$(cat "$pgdata/PG_VERSION")
  if [[ $postgres_bin != "/usr/lib/postgresql/$made_by/bin" ]]; then
    postgres_bin=/usr/lib/postgresql/$made_by/bin
    [[ -x $postgres_bin/pg_ctl ]] ||
      fail "the cluster in $pgdata is of PostgreSQL $made_by, which is not installed." \
        "Install it with: apt-get install postgresql-$made_by"
  fi
}

# Written at every start, so that a data folder may be moved.
write_settings() {
  local quoted=${socket_folder//\'/\'\'}
  quoted=${quoted//\"/\"\"}
  grep -q "^include_if_exists = 'coinvent.conf'" "$pgdata/postgresql.conf" ||
    printf "\ninclude_if_exists = 'coinvent.conf'\n" >>"$pgdata/postgresql.conf"
  {
    printf "# Written by Scripts/cluster at every start.\n"
    printf "listen_addresses = ''\nport = %s\n" "$cluster_port"
    printf "unix_socket_directories = '\"%s\"'\nunix_socket_permissions = 0700\n" "$quoted"
    printf "timezone = 'UTC'\nlog_timezone = 'UTC'\nmax_connections = 200\n"
    printf "shared_buffers = 256MB\nmax_wal_size = 2GB\nmin_wal_size = 256MB\n"
    if [[ -n ${throwaway:-} ]]; then
      printf "fsync = off\nfull_page_writes = off\nmax_connections = 400\n"
    fi
  } >"$pgdata/coinvent.conf"
  own "$pgdata/coinvent.conf"
}

write_cluster_file() {
  local text
  text=$(
    printf '# The embedded PostgreSQL cluster, written by Scripts/cluster.\n'
    printf 'socket = %s\nport = %s\n' "$socket_folder" "$cluster_port"
    printf 'database = coinvent\nuser = coinvent\n'
    printf 'folder = %s\nruns_as = %s\n' "$pgdata" "$cluster_user"
  )
  printf '%s\n' "$text" >"$data/cluster.new" && mv -- "$data/cluster.new" "$data/cluster"
}

# cluster_pid: the running postmaster's number; false when there is none. A pid file that a crash
# left behind may name nobody, a zombie or, after a restart of the machine, somebody else.
cluster_pid() {
  local pid state
  pid=$(head -1 "$pgdata/postmaster.pid" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null)
  [[ -n $state && $state != Z && $state != X ]] || return 1
  [[ $(readlink "/proc/$pid/cwd" 2>/dev/null) == "$(readlink -f "$pgdata")" ]] || return 1
  printf '%s\n' "$pid"
}

# awake: waits until the running cluster takes connections, also through a recovery from a crash;
# false when none runs, or no longer.
awake() {
  local port waited
  port=$(recorded port)
  for ((waited = 0; waited < 3000; waited++)); do
    cluster_pid >/dev/null || return 1
    if "$postgres_bin/pg_isready" -q -h "$socket_folder" -p "${port:-$cluster_port}"; then
      return 0
    fi
    sleep 0.1
  done
  fail "PostgreSQL runs in $pgdata, and took no connection for five minutes." \
    "The whole story is in $cluster_home/postgres.log."
}

# start_cluster: makes it when there is none, starts it when it does not run.
start_cluster() {
  find_postgres || fail "PostgreSQL 15 or newer is not installed." \
    "Install it with: apt-get install --no-install-recommends postgresql-15"
  locate_cluster
  exec 8>"$data/cluster.lock"
  flock -w 60 8 || fail "another script has been busy with the cluster of $data for a minute." \
    "See which with: fuser -v '$data/cluster.lock'"
  make_folders
  check_cluster
  if cluster_pid >/dev/null; then
    socket_folder=$(recorded socket)
    say "    PostgreSQL runs already in $pgdata."
  fi
  local try
  for try in {1..10}; do
    # One that recovers from a crash may give up by itself: then it is started again.
    until awake; do
      # Nobody runs it: these are what a kill -9 left behind. PostgreSQL itself would take a zombie
      # or a stranger with the same number for its owner.
      rm -f -- "$pgdata/postmaster.pid" "$socket_folder/.s.PGSQL.$cluster_port"{,.lock}
      write_settings
      write_cluster_file
      launch
    done
    # A backend killed a moment ago takes this connection with it, and nothing else is wrong.
    if make_database; then break; fi
    ((try < 10)) || fail "PostgreSQL in $pgdata loses its connections again and again." \
      "The whole story is in $cluster_home/postgres.log."
  done
  exec 8>&-
}

# After a kill -9 the old server's children end by themselves, but one in the middle of a long
# query still holds the shared memory: it is told to end too.
end_orphans() {
  local folder place pid
  folder=$(readlink -f "$pgdata")
  for place in /proc/[0-9]*/cwd; do
    [[ $(readlink "$place" 2>/dev/null) == "$folder" ]] || continue
    pid=${place%/cwd}
    kill -QUIT "${pid#/proc/}" 2>/dev/null
  done
  return 0
}

launch() {
  local log=$cluster_home/postgres.log try before
  step "Starting PostgreSQL ($socket_folder, port $cluster_port, as $cluster_user)"
  touch -- "$log" && chmod 600 -- "$log" && own "$log"
  if (($(stat -c %s "$log") > 20000000)); then as_cluster truncate -s 0 "$log"; fi
  for try in {1..30}; do
    before=$(wc -l <"$log")
    if as_cluster "$postgres_bin/pg_ctl" start --pgdata="$pgdata" --log="$log" --wait \
      --timeout=300 --silent 8>&- 9>&- >/dev/null 2>&1; then
      return 0
    fi
    tail -n +"$((before + 1))" "$log" | grep -q -e 'still in use' -e 'is being used' || break
    end_orphans
    sleep 1
  done
  fail "PostgreSQL did not start: $(grep -E 'FATAL|PANIC|could not' "$log" | tail -1)" \
    "The whole story is in $log."
}

make_database() {
  local have
  have=$(ask postgres "SELECT count(*) FROM pg_roles WHERE rolname = 'coinvent'") || return 1
  [[ $have == 1 ]] || ask postgres "CREATE ROLE coinvent LOGIN CREATEROLE" >/dev/null || return 1
  have=$(ask postgres "SELECT count(*) FROM pg_database WHERE datname = 'coinvent'") || return 1
  [[ $have == 1 ]] || ask postgres "CREATE DATABASE coinvent OWNER coinvent" >/dev/null
}

# ask DATABASE SQL: as the cluster's superuser.
ask() {
  "$postgres_bin/psql" -XAtq -v ON_ERROR_STOP=1 -h "$socket_folder" -p "$cluster_port" \
    -U postgres -d "$1" -c "$2" 8>&- 9>&-
}

stop_cluster() {
  local pid
  pid=$(cluster_pid) || return 0
  postgres_bin=/usr/lib/postgresql/$(cat "$pgdata/PG_VERSION")/bin
  as_cluster "$postgres_bin/pg_ctl" stop --pgdata="$pgdata" --mode=fast --wait --timeout=120 \
    --silent >/dev/null 2>&1 ||
    fail "PostgreSQL (process $pid) did not stop within two minutes." \
      "Look at $cluster_home/postgres.log; kill -9 $pid loses nothing that was committed."
}

# cluster_url USER DATABASE
cluster_url() {
  printf 'postgresql:///%s?host=%s&port=%s&user=%s\n' "$2" "$(percent "$socket_folder")" \
    "$cluster_port" "$1"
}

percent() {
  local LC_ALL=C text=$1 index character
  for ((index = 0; index < ${#text}; index++)); do
    character=${text:index:1}
    case $character in
      [A-Za-z0-9._~-]) printf %s "$character" ;;
      *) printf '%%%02X' "'$character" ;;
    esac
  done
}
