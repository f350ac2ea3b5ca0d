"""Starting the ranks of a job with MPI, watching them, and starting them anew."""

import os
import shutil
import signal
import subprocess
import sys
import time

from ..error import MXNetError

__all__ = ["mpirun_command", "srun_command", "run_job"]

# How long ranks have to end after mpirun was told to.
_GRACE = 10.0


def _need(program, package):
    if shutil.which(program) is None:
        raise MXNetError(
            f"launch: {program} is not installed; `apt-get install {package}` brings it"
        )
    return program


def mpirun_command(ranks, command, hosts=None, hostfile=None, variables=None, tag=False):
    """The command line that starts ranks with Open MPI.

    Args:
        ranks (int): How many.
        command (list of str): What each runs.
        hosts (str): Names of machines, separated by commas; this one if neither is given.
        hostfile (str): A file with a machine in each line.
        variables (dict): Environment variables for the ranks.
        tag (bool): Whether each line of output names its rank.
    """
    line = [_need("mpirun", "openmpi-bin"), "-n", str(ranks), "--bind-to", "none"]
    line += ["--oversubscribe"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        line += ["--allow-run-as-root"]
    if hosts:
        # As many ranks as are asked for on each: the cores do not limit them.
        names = hosts.split(",")
        share = -(-ranks // len(names))
        line += ["-H", ",".join(n if ":" in n else f"{n}:{share}" for n in names)]
    if hostfile:
        line += ["--hostfile", hostfile]
    if tag:
        line += ["--tag-output"]
    for name, value in (variables or {}).items():
        line += ["-x", f"{name}={value}"]
    return line + list(command)


def srun_command(ranks, command, variables=None):
    """The command line that starts ranks with Slurm; arguments as for `mpirun_command`."""
    line = [_need("srun", "slurm-client"), "-n", str(ranks), "--mpi=pmix"]
    if variables:
        line += ["--export=ALL," + ",".join(f"{k}={v}" for k, v in variables.items())]
    return line + list(command)


def _as_command(command):
    """A Python file alone is run with this Python."""
    if command[0].endswith(".py") and not os.access(command[0], os.X_OK):
        return [sys.executable, *command]
    return list(command)


def _end(process):
    """Tell mpirun to end, which ends all ranks; make sure that it does."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _run_once(line):
    """Run a command line to its end; returns its exit code."""
    process = subprocess.Popen(line)

    def pass_on(number, _):
        process.send_signal(number)

    before = signal.signal(signal.SIGTERM, pass_on)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Ctrl-C in a terminal reaches mpirun as well, which ends the ranks; a second one is the
        # same to it as SIGTERM.
        _end(process)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _status(code):
    """What an exit code says, for people."""
    if code < 0 or code > 128:
        number = -code if code < 0 else code - 128
        try:
            return f"ended by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"ended with exit code {code}"


def run_job(ranks, command, make_line, restarts=0, variables=None):
    """Run a job, and run it again with one rank less when it fails.

    Args:
        ranks (int): Number of ranks.
        command (list of str): What each runs.
        make_line (function): ``make_line(ranks, command, variables=)`` gives the command line.
        restarts (int): How often it is started anew.
        variables (dict): Environment variables for the ranks.

    Returns:
        int: 0, or the exit code of the last failure.
    """
    command, variables = _as_command(command), dict(variables or {})
    for restart in range(restarts + 1):
        variables["REMX_RESTARTS"] = str(restart)
        begin = time.monotonic()
        code = _run_once(make_line(ranks, command, variables=variables))
        if code == 0:
            return 0
        seconds = time.monotonic() - begin
        text = (
            f"remx: error: launch: the job of {ranks} ranks {_status(code)} after {seconds:.0f} s"
        )
        if restart < restarts:
            ranks = max(1, ranks - 1)
            text += f"; it goes on with {ranks}, {restarts - restart - 1} restarts are left"
        print(text, file=sys.stderr, flush=True)
    return code if 0 < code < 256 else 1
