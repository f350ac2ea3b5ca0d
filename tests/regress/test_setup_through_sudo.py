"""`make setup` as a user with sudo ended with a write error: sudo closes descriptors from 3 up.

apt was told to report its progress on descriptor 9, which it does not have below sudo.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A sudo that closes what the real one closes, and an apt-get that writes as the real one does: to
# the descriptor it was told, and ending with 100 where that is closed.
PROGRAMS = {
    "id": "echo 1000",
    "sudo": 'for ((fd = 3; fd < 64; fd++)); do eval "exec $fd>&-"; done; exec "$@"',
    "dpkg-query": "exit 1",
    "g++": "echo 14",
    "cmake": "echo cmake version 3.31.0",
    "python3": "echo Python 3.13.0",
    "apt-get": """
        [ "$1" = install ] || exit 0
        echo "$*" >>"$LOG"
        [[ "$*" =~ Status-Fd=([0-9]+) ]] && fd=${BASH_REMATCH[1]}
        echo "Reading package lists..."
        # What is told of progress has a pipe of its own: it is written without blocking.
        [ "$(readlink /proc/$$/fd/"$fd")" != "$(readlink /proc/$$/fd/1)" ] || exit 99
        for percent in 0.0 47.1 50.0 100.0; do
          echo "pmstatus:ccache:$percent:Configuring" >&"$fd" || exit 100
        done
        exit "${FAILS:-0}"
    """,
}


@pytest.fixture
def setup(tmp_path):
    """Runs tools/setup.sh in a folder of its own, where .venv is ready and no package is there."""
    (tmp_path / "bin").mkdir()
    for name, body in PROGRAMS.items():
        (tmp_path / "bin" / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    root = tmp_path / "root"
    (root / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/setup.sh", root / "tools/setup.sh")
    (root / "requirements-dev.txt").write_text("nanobind\n")
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").symlink_to(tmp_path / "bin/python3")
    (root / ".venv/.remx-stamp").write_text("Python 3.13.0\nnanobind\n\n")

    def run(**variables):
        environment = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "LOG": str(tmp_path / "log")}
        return subprocess.run(
            [root / "tools/setup.sh"],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )

    yield run
    if os.path.exists(tmp_path / "log"):
        assert "nlohmann-json3-dev" in (tmp_path / "log").read_text()


def test_packages_are_installed_below_sudo(setup):
    done = setup()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    shown = done.stdout.splitlines()
    assert [line for line in shown if "unpacking" in line] == [
        "[setup] unpacking and configuring, 0%",
        "[setup] unpacking and configuring, 50%",
        "[setup] unpacking and configuring, 100%",
    ]
    assert shown[-1].startswith("[setup] ready: g++ 14")
    assert "Reading package lists" not in done.stdout


def test_a_failure_of_apt_ends_the_setup(setup):
    done = setup(FAILS="100")
    assert done.returncode == 1
    assert "Reading package lists" in done.stderr and "apt-get install failed" in done.stderr
    assert "ready" not in done.stdout
