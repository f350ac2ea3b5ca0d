"""``python -m mxnet.tools.launch``: starts jobs with the options of 1.9.1's ``tools/launch.py``."""

import argparse
import functools
import os
import socket
import sys

from mxnet.cli import jobs
from mxnet.cli.output import print_error
from mxnet.error import MXNetError


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="launch.py", description="Run a training program as several ranks.", allow_abbrev=False
    )
    parser.add_argument("-n", "--num-workers", required=True, type=int, help="number of ranks")
    parser.add_argument(
        "-s",
        "--num-servers",
        type=int,
        help="accepted for compatibility: the ranks keep the parameters themselves",
    )
    parser.add_argument("-H", "--hostfile", help="a file with a machine in each line")
    parser.add_argument(
        "--launcher",
        default="ssh",
        choices=["local", "ssh", "mpi", "slurm", "sge", "yarn"],
        help="how: on this machine (local), by mpirun (ssh, mpi), or by srun (slurm)",
    )
    parser.add_argument("--sync-dst-dir", help="a folder on all machines to copy this one to")
    for name in ("--env", "--env-server", "--env-worker"):
        parser.add_argument(name, action="append", default=[], help="a variable, NAME:VALUE")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="such as python train.py")
    options = parser.parse_args(arguments)
    if options.num_workers < 1:
        parser.error(f"-n {options.num_workers}: expected at least 1")
    if not options.command:
        parser.error("there is no command")
    return options


def _variables(options):
    """What the ranks get: of ``--env``, ``WORKER:NAME=VALUE`` or ``NAME`` of this process."""
    found = {}
    for text in [*options.env, *options.env_worker]:
        role, _, rest = text.partition(":")
        if role.lower() in ("worker", "server") and rest:
            if role.lower() == "server":
                continue
            text = rest
        name, _, value = text.replace("=", ":", 1).partition(":")
        found[name] = value or os.environ.get(name, "")
    return found


def _hosts(options):
    """Machines that have to reach this one."""
    if options.launcher == "slurm":
        return [socket.gethostname()]  # the names of the others are known to srun
    return jobs.hosts_of(hostfile=None if options.launcher == "local" else options.hostfile)


def _line_maker(options):
    if options.launcher in ("sge", "yarn"):
        raise MXNetError(
            f"launch: --launcher {options.launcher} is not supported; expected local, ssh, mpi or "
            "slurm"
        )
    if options.sync_dst_dir not in (None, "None"):
        raise MXNetError(
            f"launch: --sync-dst-dir {options.sync_dst_dir} is not supported; expected a folder "
            "that all machines share"
        )
    if options.launcher == "slurm":
        return jobs.srun_command
    hostfile = None if options.launcher == "local" else options.hostfile
    return functools.partial(jobs.mpirun_command, hostfile=hostfile)


def main(arguments=None):
    """Run the program.

    Returns:
        int: Exit code of the job.
    """
    options = _parse(arguments)
    if options.num_servers:
        print(
            f"launch: -s {options.num_servers} starts no servers; the ranks keep the parameters, "
            "each its part (docs/scaling.md)",
            file=sys.stderr,
        )
    try:
        return jobs.run_job(
            options.num_workers,
            options.command,
            _line_maker(options),
            variables=_variables(options),
            hosts=_hosts(options),
        )
    except MXNetError as problem:
        print_error(problem)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
