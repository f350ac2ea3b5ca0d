#!/usr/bin/env bash
# Installs what building and testing Remx needs: Debian or Ubuntu packages, then a virtual
# environment .venv with the pinned packages of requirements-dev.txt.
# Safe to repeat; takes under a second when nothing is to be done.
#
# Environment: PYTHON   the interpreter to make .venv from (default: python3)
#              MX_SKIP_APT=1   never call apt (the packages come from elsewhere)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly MIN_GCC=12
readonly MIN_CMAKE=3.25
readonly PIP_CMAKE="cmake==3.31.10"
readonly VENV=.venv
readonly STAMP="$VENV/.remx-stamp"

# What is asked below is what the system has, not what an earlier run put into .venv.
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -vxF "$PWD/$VENV/bin" | paste -sd ':')

say() { printf '[setup] %s\n' "$*"; }
die() { printf '[setup] error: %s\n' "$*" >&2; exit 1; }

at_least() { # at_least VERSION MINIMUM
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# Prints a C++ compiler that is new enough, or nothing.
find_cxx() {
  local cxx version
  for cxx in ${CXX:-} g++ g++-14 g++-13 g++-12; do
    version=$("$cxx" -dumpversion 2>/dev/null) || continue
    at_least "$version" "$MIN_GCC" && { echo "$cxx"; return; }
  done
}

# True when $1 can make virtual environments and compile extension modules.
usable_python() {
  "$1" - <<'PY' 2>/dev/null
import os, sys, sysconfig
import ensurepip, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
sys.exit(0 if sys.version_info >= (3, 9) and os.path.exists(header) else 1)
PY
}

# Installs those of the named packages that are missing.
apt_install() {
  local missing=() package sudo=() log
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ -z "${MX_SKIP_APT:-}" ] || die "MX_SKIP_APT is set and these packages are missing: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "run as root or install sudo; missing packages: ${missing[*]}"
    sudo=(sudo)
  fi
  say "installing ${#missing[@]} packages: ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  log=$(mktemp)
  # apt writes its status lines without blocking, so nothing else may write to their pipe: a
  # package's script fails where it finds the pipe full. The shell opens descriptor 3, because sudo
  # closes every one from 3 up.
  # shellcheck disable=SC2016
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -c 'log=$1; shift; exec "$@" 3>&1 >"$log"' sh "$log" \
    apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3 "${missing[@]}" |
    show_apt_progress || { tail -n 30 "$log" >&2; die "apt-get install failed; all of its output: $log"; }
  rm -f "$log"
}

install_apt_packages() {
  local packages=(make cmake ninja-build ccache git libjpeg-dev libpng-dev libgtest-dev
    libgmock-dev libbenchmark-dev nlohmann-json3-dev libboost-dev libhwy-dev libcli11-dev libopenmpi-dev openmpi-bin)
  if ! command -v dpkg-query >/dev/null; then
    say "no dpkg on this system: these packages are taken as present: ${packages[*]}"
    return
  fi
  [ -n "$(find_cxx)" ] || packages+=(g++)
  usable_python "${PYTHON:-python3}" || packages+=(python3 python3-venv python3-dev)
  apt_install "${packages[@]}"
  [ -n "$(find_cxx)" ] || apt_install "g++-$MIN_GCC"
}

# Prints a line for every tenth of apt's progress, from its status lines.
show_apt_progress() {
  local kind percent last= _
  while IFS=: read -r kind _ percent _; do
    percent=${percent%.*}
    [[ "$percent" =~ ^[0-9]*0$ && "$kind$percent" != "$last" ]] || continue
    case "$kind" in
      dlstatus) say "downloading, $percent%" ;;
      pmstatus) say "unpacking and configuring, $percent%" ;;
    esac
    last=$kind$percent
  done
}

install_python_packages() {
  local python=${PYTHON:-python3} extra=() quiet=() wanted
  # A bare python3 that cannot make environments gives way to the system's own.
  usable_python "$python" || python=/usr/bin/python3
  usable_python "$python" || die "$python: no usable Python 3.9 or later with venv and headers"
  at_least "$(cmake --version 2>/dev/null | awk 'NR==1{print $3}')" "$MIN_CMAKE" || extra=("$PIP_CMAKE")
  wanted=$("$python" -V; cat requirements-dev.txt; echo "${extra[*]-}")
  if [ -x "$VENV/bin/python" ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ]; then return; fi
  if [ "$(head -n 1 "$STAMP" 2>/dev/null)" != "$("$python" -V)" ]; then
    say "creating $VENV with $("$python" -V) ($python)"
    "$python" -m venv --clear "$VENV"
  fi
  say "installing Python packages (about 200 MB the first time)"
  [ -t 1 ] || quiet=(--quiet)
  "$VENV/bin/python" -m pip install ${quiet[@]+"${quiet[@]}"} --disable-pip-version-check \
    -r requirements-dev.txt ${extra[@]+"${extra[@]}"}
  rm -f "$STAMP"  # it may be a hard link that environments share
  printf '%s\n' "$wanted" >"$STAMP"
}

if [ "${1:-}" = --print-cxx ]; then
  find_cxx
  exit
fi
install_apt_packages
[ -n "$(find_cxx)" ] || die "no g++ of version $MIN_GCC or later"
install_python_packages
say "ready: $(find_cxx) $("$(find_cxx)" -dumpversion), $("$VENV/bin/python" -V)"
