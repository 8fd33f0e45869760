# Python packages for a test, in an environment of their own below .venv. Needs say.sh.

# venv NAME PACKAGE…: sets $python to an interpreter that has these packages. It is made once and
# again whenever the list changes.
venv() {
  local folder=$root/.venv/$1 wanted=${*:2}
  python=$folder/bin/python
  if [[ -x $python && $(cat "$folder/packages" 2>/dev/null) == "$wanted" ]]; then return 0; fi
  rm -rf -- "$folder"
  python3 -m venv "$folder" ||
    fail "python3 makes no virtual environment." "Install it with: apt-get install python3-venv"
  "$folder/bin/pip" install -q --disable-pip-version-check "${@:2}" ||
    fail "pip could not install: $wanted." "Tests need PyPI; see the message above."
  printf '%s' "$wanted" >"$folder/packages"
}
