# Which Debian packages are missing, and how they get here.

build_packages=(
  libc6-dev libstdc++-12-dev libpq-dev libmicrohttpd-dev libsodium-dev libjansson-dev
  libcurl4-openssl-dev libcsv-dev libmimalloc-dev libcmark-gfm-dev
  libcmark-gfm-extensions-dev libvips42 libzip-dev
)

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# missing_packages PACKAGE…: prints those that are not installed. A postgresql of 15 or newer
# counts as postgresql-15.
missing_packages() {
  local package
  for package in "$@"; do
    [[ $package == postgresql-15 ]] && find_postgres && continue
    is_installed "$package" || printf '%s\n' "$package"
  done
}

# ensure_packages PACKAGE…: installs what is missing, unless $no_install is set.
ensure_packages() {
  command -v dpkg-query >/dev/null ||
    fail "this system has no dpkg, so the Debian packages cannot be checked." \
      "Install the equivalents of: $*; then run with --no-install."
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then return 0; fi
  local line="apt-get install --no-install-recommends ${missing[*]}"
  step "Missing Debian packages: ${missing[*]}"
  [[ -z ${no_install:-} ]] || fail "packages are missing and --no-install was given." \
    "Install them with: $line"
  local -a as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "packages are missing, and you are neither root nor is sudo here." \
        "Ask an administrator to run: $line"
    as_root=(sudo)
    say "    Installing needs root: sudo may ask for your password."
  fi
  install_packages "${missing[@]}" || fail "apt-get could not install: ${missing[*]}." \
    "Look at its message above, then run: $line"
}

# The drop-in keeps Debian from making and starting a system cluster of its own, which nobody
# asked for; it is taken away again afterwards.
install_packages() {
  local drop_in=/etc/postgresql-common/createcluster.d/coinvent.conf code=0
  local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0)
  step "Installing them with apt-get"
  "${as_root[@]}" "${apt[@]}" update || say "    (apt-get update failed; trying what is known)"
  if [[ " $* " == *" postgresql-15 "* ]]; then
    "${as_root[@]}" mkdir -p "${drop_in%/*}"
    printf 'create_main_cluster = false\n' | "${as_root[@]}" tee "$drop_in" >/dev/null
  else
    drop_in=
  fi
  "${as_root[@]}" "${apt[@]}" install -y --no-install-recommends "$@" || code=$?
  [[ -z $drop_in ]] || "${as_root[@]}" rm -f "$drop_in"
  return "$code"
}

# find_swift: puts Swift on PATH, and refuses one older than 6.3.
find_swift() {
  if ! command -v swift >/dev/null && [[ -x /opt/swift/usr/bin/swift ]]; then
    PATH=$PATH:/opt/swift/usr/bin
  fi
  command -v swift >/dev/null ||
    fail "Swift is neither on PATH nor in /opt/swift." \
      "Install Swift 6.3 from https://www.swift.org/install and put its usr/bin on PATH."
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -1)
  [[ $(printf '%s\n' 6.3 "${version:-0}" | sort -V | head -1) == 6.3 ]] ||
    fail "Swift 6.3 or newer is needed; $(command -v swift) is ${version:-of unknown version}." \
      "Install Swift 6.3 from https://www.swift.org/install and put its usr/bin on PATH."
}

# find_postgres: sets postgres_bin to the newest PostgreSQL of 15 or later; false without one.
find_postgres() {
  local folder
  postgres_bin=
  while read -r folder; do
    [[ -x $folder/initdb && -x $folder/pg_ctl ]] && postgres_bin=$folder
  done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V)
  [[ -n $postgres_bin ]] || return 1
  local major=${postgres_bin%/bin}
  ((${major##*/} >= 15))
}
