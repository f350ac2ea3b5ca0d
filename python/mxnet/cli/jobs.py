"""Starting the ranks of a job with MPI, watching them, and starting them anew."""

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time

from ..error import MXNetError
from .job_monitor import Monitor, rank_timeout
from .job_output import JobOutput

__all__ = ["hosts_of", "mpirun_command", "srun_command", "run_job"]

# How long ranks have to end after mpirun was told to.
_GRACE = 10.0
# What mpirun of Open MPI 4 and 5 says of a rank that a signal has ended.
_KILLED = re.compile(rb"process rank (\d+) with PID \d+ on node \S+ exited\s+on\s+signal")
# What it says of the first one that ended with an exit code.
_LEFT = re.compile(rb"Process name: \[\[\d+,\d+\],(\d+)\]\s+Exit code:")


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
        variables (dict): Environment variables for the ranks; `run_job` sets them for mpirun.
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
    if hosts or hostfile:
        line += _keepalive_options(rank_timeout())
    for name in variables or {}:
        line += ["-x", name]
    return line + list(command)


def _keepalive_options(timeout):
    """Let mpirun and its daemons notice machines that became unreachable, soon after ranks do."""
    times = {"time": 1, "intvl": 1, "probes": max(2, int(timeout) - 1)}
    return [
        word
        for name, value in times.items()
        for word in ("--mca", f"oob_tcp_keepalive_{name}", str(value))
    ]


def hosts_of(hosts=None, hostfile=None):
    """Names of the machines that `mpirun_command` is given; none for this one alone."""
    names = hosts.split(",") if hosts else []
    if hostfile:
        with open(hostfile, encoding="utf-8") as lines:
            names += [line.split()[0] for line in lines if line.partition("#")[0].strip()]
    return [re.sub(r":\d+$", "", name) for name in names]


def srun_command(ranks, command, variables=None):
    """The command line that starts ranks with Slurm; arguments as for `mpirun_command`."""
    line = [_need("srun", "slurm-client"), "-n", str(ranks), "--mpi=pmix"]
    return line + list(command)


def _as_command(command):
    """A Python file alone is run with this Python."""
    if command[0].endswith(".py") and not os.access(command[0], os.X_OK):
        return [sys.executable, *command]
    return list(command)


class _Job:
    """A running mpirun with what it prints and what its ranks say of themselves.

    Args:
        line (list of str): The command line.
        variables (dict): Environment variables for it and, by its options, for the ranks.
        monitor (Monitor): Hears the ranks.
        output (JobOutput): Takes what they print.
    """

    def __init__(self, line, variables, monitor, output):
        self._monitor, self._output = monitor, output
        environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
        self._process = subprocess.Popen(
            line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._last_words = b""
        self._deadline = None
        self._selector = selectors.DefaultSelector()
        for number, pipe in ((1, self._process.stdout), (2, self._process.stderr)):
            self._selector.register(pipe, selectors.EVENT_READ, number)
        self._selector.register(monitor, selectors.EVENT_READ)

    def run(self):
        """Wait for the end; returns the exit code. Ctrl-C and SIGTERM end the ranks before."""
        before = signal.signal(signal.SIGTERM, lambda number, _: self._process.send_signal(number))
        interrupted = False
        try:
            while True:
                try:
                    if not self._step():
                        break
                except KeyboardInterrupt:
                    # Ctrl-C in a terminal reaches mpirun as well, which ends the ranks; a second
                    # one is the same to it as SIGTERM.
                    interrupted = True
                    self._end(_GRACE)
        finally:
            signal.signal(signal.SIGTERM, before)
            self._kill()
            self._selector.close()
            self._output.clear()
        if interrupted:
            raise KeyboardInterrupt
        return self._process.returncode

    def _step(self):
        """Pass on what has come; false when the process has ended and all of it is passed on."""
        ended = self._process.poll() is not None
        ready = self._selector.select(0 if ended else 0.2)
        for key, _ in ready:
            if key.data is not None:
                self._pass_on(key)
        self._monitor.look()
        if ended:
            return any(key.data is not None for key, _ in ready)
        self._output.show(self._monitor.line())
        if self._monitor.is_overdue() and self._deadline is None:
            # Ranks end the job themselves, but mpirun may wait for a machine that is out of reach.
            self._end(1.0)
        if self._deadline is not None and time.monotonic() > self._deadline:
            self._kill()
        return True

    def _pass_on(self, key):
        content = os.read(key.fd, 1 << 16)
        if not content:
            self._selector.unregister(key.fileobj)
            return
        if key.data == 2:
            self._last_words = (self._last_words + content)[-8192:]
        self._output.pass_on(key.data, content)

    def _end(self, seconds):
        """Tell mpirun to end, which ends all ranks; see to it after some seconds."""
        if self._process.poll() is None:
            self._process.terminate()
        self._deadline = self._deadline or time.monotonic() + seconds

    def _kill(self):
        """Leave nothing on this machine; other machines notice that mpirun has gone."""
        if self._process.poll() is not None:
            return
        for pid in [*_descendants(self._process.pid), self._process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has ended meanwhile
        self._process.wait()

    def why_it_failed(self):
        """What is known of the reason, as more words for a message."""
        if self._monitor.failure:
            return f": {self._monitor.failure}"
        for words, what in ((_KILLED, "was killed"), (_LEFT, "was the first to end")):
            if found := words.search(self._last_words):
                return f": {self._monitor.describe(int(found[1]))} {what}"
        silent = ", ".join(map(str, self._monitor.silent()))
        return f": nothing was heard of {silent}" if silent else ""


def _descendants(pid):
    """Processes that a process has started, and those that they have."""
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                with open(f"/proc/{entry.name}/stat", encoding="utf-8", errors="replace") as stat:
                    parents[int(entry.name)] = int(stat.read().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended
    found, young = [], {pid}
    while young:
        young = {child for child, parent in parents.items() if parent in young}
        found += young
    return found


def _status(code):
    """What an exit code says, for people."""
    if code < 0 or code > 128:
        number = -code if code < 0 else code - 128
        try:
            return f"ended by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"ended with exit code {code}"


def run_job(ranks, command, make_line, restarts=0, variables=None, hosts=(), shows=True):
    """Run a job, and run it again with one rank less when it fails.

    Args:
        ranks (int): Number of ranks.
        command (list of str): What each runs.
        make_line (function): ``make_line(ranks, command, variables=)`` gives the command line.
        restarts (int): How often it is started anew.
        variables (dict): Environment variables for the ranks.
        hosts (list of str): Machines other than this one that run ranks.
        shows (bool): Whether a line shows how the job is.

    Returns:
        int: 0, or the exit code of the last failure.
    """
    command, variables = _as_command(command), dict(variables or {})
    for restart in range(restarts + 1):
        variables["REMX_RESTARTS"] = str(restart)
        begin = time.monotonic()
        with Monitor(hosts) as monitor:
            variables["REMX_MONITOR"] = monitor.variable
            line = make_line(ranks, command, variables=variables)
            job = _Job(line, variables, monitor, JobOutput(shows))
            code = job.run()
        if code == 0:
            return 0
        seconds = time.monotonic() - begin
        text = (
            f"remx: error: launch: the job of {ranks} ranks {_status(code)} after {seconds:.0f} s"
            f"{job.why_it_failed()}"
        )
        if restart < restarts:
            ranks = max(1, ranks - 1)
            text += f"; it goes on with {ranks}, {restarts - restart - 1} restarts are left"
        print(text, file=sys.stderr, flush=True)
    return code if 0 < code < 256 else 1
