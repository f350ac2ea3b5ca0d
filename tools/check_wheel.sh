#!/usr/bin/env bash
# Installs the package as a user does, `pip install .`, into a fresh environment outside the
# repository, and predicts from there, with the newest NumPy and with the last one before 2.0; then
# the wheel that `make wheel` has put into dist/. Nothing of the repository is on Python's path
# while it runs.
#
# Environment: WHEEL_PYTHON   the interpreter to install for (default: that of .venv)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python=$scratch/venv/bin/python

"${WHEEL_PYTHON:-.venv/bin/python}" -m venv "$scratch/venv"
install() { "$python" -m pip install --quiet --disable-pip-version-check "$@"; }
predict() {
  (cd "$scratch" && env -u PYTHONPATH -u LD_LIBRARY_PATH -u CMAKE_PREFIX_PATH \
    PATH="$scratch/venv/bin:/usr/bin:/bin" "$python" - "$scratch/venv" <"$root/tools/check_wheel.py")
}

echo "[wheel] pip install . for $("$python" -V)"
install "$root"
predict
if install --only-binary=:all: 'numpy<2' 2>/dev/null; then
  predict
else
  echo "[wheel] skipped: there is no NumPy before 2.0 for this Python"
fi
"$scratch/venv/bin/remx" --help >/dev/null
echo "[wheel] the command remx runs"
install --force-reinstall --no-deps dist/remx-*-manylinux_*.whl
predict
