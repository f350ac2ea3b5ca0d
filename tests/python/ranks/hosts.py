"""Machines for tests: network namespaces with names of their own and a cable between them."""

import contextlib
import os
import shutil
import signal
import subprocess

import pytest

NAMES = ["remx-a", "remx-b"]
ADDRESSES = ["10.77.31.1", "10.77.31.2"]
# What mpirun calls in the place of ssh: "agent HOST COMMAND ...".
AGENT = """#!/bin/sh
case "$1" in
{cases}
*) echo "agent: host $1 is not known" >&2; exit 1;;
esac
shift
exec ip netns exec "$name" unshare --uts sh -c "hostname $name; $*"
"""


def _ip(*words):
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=False)


def _need(*words):
    result = _ip(*words)
    if result.returncode:
        pytest.skip(f"ip {' '.join(words)}: {result.stderr.strip()}: no network namespaces here")


class Hosts:
    """Two machines that reach each other by TCP; the first one starts jobs."""

    def __init__(self, folder):
        self.agent = folder / "agent"
        cases = "\n".join(f"{a}) name={n};;" for n, a in zip(NAMES, ADDRESSES))
        self.agent.write_text(AGENT.format(cases=cases))
        self.agent.chmod(0o755)

    def command(self, command):
        """A command as the first machine runs it."""
        return [str(self.agent), ADDRESSES[0], *map(str, command)]

    def variables(self):
        """Environment variables for `mpirun` on the first machine."""
        network = ADDRESSES[0] + "/24"
        return {
            "OMPI_MCA_plm_rsh_agent": str(self.agent),
            "OMPI_MCA_btl_tcp_if_include": network,
            "OMPI_MCA_oob_tcp_if_include": network,
        }

    def cut(self):
        """Pull the cable."""
        subprocess.run(["ip", "-n", NAMES[0], "link", "set", "wire", "down"], check=True)


@contextlib.contextmanager
def two_hosts(folder):
    """Two machines; the test is skipped where the system does not allow them."""
    for program in ("ip", "unshare", "hostname"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    try:
        for name in NAMES:
            _ip("netns", "del", name)
            _need("netns", "add", name)
            _need("-n", name, "link", "set", "lo", "up")
        _need("link", "add", "wire", "netns", NAMES[0], "type", "veth", "peer", "name", "wire",
              "netns", NAMES[1])  # fmt: skip
        for name, address in zip(NAMES, ADDRESSES):
            _need("-n", name, "address", "add", f"{address}/24", "dev", "wire")
            _need("-n", name, "link", "set", "wire", "up")
        yield Hosts(folder)
    finally:
        for name in NAMES:
            # mpirun's daemon on the machine that was cut off may outlive its ranks for a while.
            for pid in _ip("netns", "pids", name).stdout.split():
                os.kill(int(pid), signal.SIGKILL)
            _ip("netns", "del", name)
